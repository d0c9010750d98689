namespace ServiceHost.MountProtocol;

/// <summary>FUSE_SERVICE_FLAG_*.</summary>
[Flags]
public enum V1HelloFlags : uint
{
    None = 0,
    AllowOther = 1,
    Fuseblk = 2,
    All = AllowOther | Fuseblk,
}
