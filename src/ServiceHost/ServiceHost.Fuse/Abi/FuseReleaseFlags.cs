namespace ServiceHost.Fuse;

/// <summary>FUSE_RELEASE_*: flags of RELEASE.</summary>
[Flags]
public enum FuseReleaseFlags : uint
{
    Flush = 1 << 0,
    FlockUnlock = 1 << 1,
}
