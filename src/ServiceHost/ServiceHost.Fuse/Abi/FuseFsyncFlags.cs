namespace ServiceHost.Fuse;

/// <summary>FUSE_FSYNC_*: flags of FSYNC.</summary>
[Flags]
public enum FuseFsyncFlags : uint
{
    DataSync = 1 << 0,
}
