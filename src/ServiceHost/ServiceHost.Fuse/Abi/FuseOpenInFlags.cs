namespace ServiceHost.Fuse;

/// <summary>FUSE_OPEN_*: open_flags of OPEN and CREATE requests.</summary>
[Flags]
public enum FuseOpenInFlags : uint
{
    KillSuidgid = 1 << 0,
}
