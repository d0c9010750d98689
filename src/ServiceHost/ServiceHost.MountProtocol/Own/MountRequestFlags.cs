namespace ServiceHost.MountProtocol;

[Flags]
public enum MountRequestFlags : uint
{
    None = 0,
    Fuseblk = 1,

    /// <summary>The server relies on the kernel's permission checks.</summary>
    DefaultPermissions = 2,

    /// <summary>The server only reads: the mount is read-only whatever the caller asked for.</summary>
    ReadOnly = 4,

    All = Fuseblk | DefaultPermissions | ReadOnly,
}
