using ServiceHost.Linux;

namespace ServiceHost.Fuse;

/// <summary>How a session runs; what it negotiates is in <see cref="FuseInitOptions"/>.</summary>
public sealed record FuseSessionOptions
{
    /// <summary>Worker threads, at least one per device. With more workers than devices some share one.</summary>
    public int Workers { get; init; }

    /// <summary>Threads are called this and a number; the kernel shows the first 15 bytes.</summary>
    public string ThreadName { get; init; } = "fuse";

    /// <summary>Called once, on a worker thread, right after the kernel has accepted the answer to INIT: the mount works from here on. It keeps one worker from
    /// serving while it runs.</summary>
    public Action<FuseConnection>? Initialized { get; init; }

    /// <summary>
    /// Without it <see cref="FuseInitFlags.Passthrough"/> is not asked for, whatever the filesystem wants. Stays the caller's.
    /// </summary>
    public IBackingFiles? BackingFiles { get; init; }

    /// <summary>
    /// To serve over io_uring where the kernel offers it, with one worker per ring and one more for what comes by /dev/fuse all the same. The
    /// session owns them from here on. Null: everything comes by /dev/fuse.
    /// </summary>
    public FuseRingSet? Rings { get; init; }

    /// <summary>A kernel that does not take the rings gets no filesystem, instead of one that is served over /dev/fuse.</summary>
    public bool RingsRequired { get; init; }

    /// <summary>Lines about bugs in handlers and lies in requests, rate-limited.</summary>
    public Action<string> Log { get; init; } = StandardError.WriteLine;

    /// <summary>Every request and reply as one line each; null for none, which costs nothing.</summary>
    public FuseTrace? Trace { get; init; }
}
