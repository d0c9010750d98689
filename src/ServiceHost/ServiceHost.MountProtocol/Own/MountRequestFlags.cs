namespace ServiceHost.MountProtocol;

[Flags]
public enum MountRequestFlags : uint
{
    None = 0,
    Fuseblk = 1,

    /// <summary>The server relies on the kernel's permission checks.</summary>
    DefaultPermissions = 2,

    All = Fuseblk | DefaultPermissions,
}
