namespace ServiceHost.Fuse;

/// <summary>FUSE_IOCTL_*: flags of IOCTL.</summary>
[Flags]
public enum FuseIoctlFlags : uint
{
    Compat = 1 << 0,
    Unrestricted = 1 << 1,
    Retry = 1 << 2,
    Is32Bit = 1 << 3,
    Dir = 1 << 4,
    CompatX32 = 1 << 5,
}
