namespace ServiceHost.Linux;

/// <summary>Flags of one mount (MOUNT_ATTR_*), as fsmount(2) and mount_setattr(2) take them.</summary>
[Flags]
public enum MountAttributes : ulong
{
    None = 0,
    ReadOnly = 0x1,
    NoSuid = 0x2,
    NoDev = 0x4,
    NoExec = 0x8,

    /// <summary>Relative access times are the kernel's default and the absence of the two bits below.</summary>
    NoAtime = 0x10,
    StrictAtime = 0x20,

    /// <summary>The field that the two bits above are values of; mount_setattr must clear it whole to change it.</summary>
    AtimeMask = 0x70,
    NoDirAtime = 0x80,
    IdMap = 0x100000,
    NoSymFollow = 0x200000,
}
