namespace ServiceHost.Fuse;

/// <summary>FUSE_SETXATTR_*: flags of SETXATTR beyond those of setxattr(2).</summary>
[Flags]
public enum FuseSetxattrFlags : uint
{
    AclKillSgid = 1 << 0,
}
