namespace ServiceHost.Options;

/// <summary>How requests come from the kernel.</summary>
public enum Transport
{
    /// <summary>What is best. Today that is /dev/fuse everywhere.</summary>
    Auto,

    /// <summary>By reading and writing /dev/fuse.</summary>
    Dev,

    /// <summary>Over io_uring, or not at all.</summary>
    Uring,
}
