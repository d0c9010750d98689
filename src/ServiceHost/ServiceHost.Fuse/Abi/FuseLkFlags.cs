namespace ServiceHost.Fuse;

/// <summary>FUSE_LK_*: flags of lock requests.</summary>
[Flags]
public enum FuseLkFlags : uint
{
    Flock = 1 << 0,
}
