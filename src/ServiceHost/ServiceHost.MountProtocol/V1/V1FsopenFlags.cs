namespace ServiceHost.MountProtocol;

/// <summary>FUSE_SERVICE_FSOPEN_*.</summary>
[Flags]
public enum V1FsopenFlags : uint
{
    None = 0,
    Fuseblk = 1,
    All = Fuseblk,
}
