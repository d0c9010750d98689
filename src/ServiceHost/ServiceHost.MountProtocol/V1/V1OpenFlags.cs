namespace ServiceHost.MountProtocol;

/// <summary>request_flags of OPEN and BDEV.</summary>
[Flags]
public enum V1OpenFlags : uint
{
    None = 0,

    /// <summary>The helper prints nothing when it fails.</summary>
    Quiet = 1,

    All = Quiet,
}
