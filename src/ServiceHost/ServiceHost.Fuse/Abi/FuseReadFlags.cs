namespace ServiceHost.Fuse;

/// <summary>FUSE_READ_*: flags of READ.</summary>
[Flags]
public enum FuseReadFlags : uint
{
    LockOwner = 1 << 1,
}
