namespace ServiceHost.Fuse;

/// <summary>FUSE_GETATTR_*: flags of GETATTR and STATX.</summary>
[Flags]
public enum FuseGetattrFlags : uint
{
    Fh = 1 << 0,
}
