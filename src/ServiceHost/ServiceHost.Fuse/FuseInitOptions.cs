namespace ServiceHost.Fuse;

/// <summary>What a server wants from the kernel. What it gets is in <see cref="FuseConnection"/>.</summary>
public sealed partial record FuseInitOptions
{
    /// <summary>Harmless for every server, and good for speed.</summary>
    public const FuseInitFlags DefaultFlags =
        FuseInitFlags.AsyncRead | FuseInitFlags.BigWrites | FuseInitFlags.AutoInvalData | FuseInitFlags.AsyncDio |
        FuseInitFlags.ParallelDirops | FuseInitFlags.AbortError;

    /// <summary>What sysctl fs.fuse.max_pages_limit can be raised to, in pages of 4 KiB.</summary>
    public const int MaxMaxTransfer = 65535 * 4096;

    /// <summary>Used where the kernel offers them. Each one is a promise of the server, see <see cref="FuseInitFlags"/>.</summary>
    public FuseInitFlags Wanted { get; init; } = DefaultFlags;

    /// <summary>A kernel that lacks one of these gets no filesystem: INIT is refused with the names of what is missing.</summary>
    public FuseInitFlags Required { get; init; }

    /// <summary>Largest WRITE, READ and READDIR in bytes. More than 128 KiB uses MAX_PAGES, which the engine then adds.</summary>
    public int MaxTransfer { get; init; } = 1 << 20;

    /// <summary>Whether the mount has default_permissions. Without it (and without PosixAcl) AllowIdmap is not asked for.</summary>
    public bool DefaultPermissions { get; init; }

    /// <summary>Upper bound of readahead in bytes; the kernel's own limit counts as well.</summary>
    public uint MaxReadahead { get; init; } = uint.MaxValue;

    /// <summary>
    /// Background requests (readahead, writeback, release) in flight, never 0: the Mounter recognises by this value, which fusectl
    /// shows, that the kernel took the answer to INIT.
    /// </summary>
    public ushort MaxBackground { get; init; } = 64;

    /// <summary>Background requests at which the kernel calls the mount congested; 0 means 3/4 of the maximum.</summary>
    public ushort CongestionThreshold { get; init; }

    /// <summary>Granularity of timestamps in nanoseconds, 1 to 1,000,000,000.</summary>
    public uint TimeGranularity { get; init; } = 1;

    /// <summary>With <see cref="FuseInitFlags.Passthrough"/>: 1 when backing files lie on a plain filesystem, 2 for stacked ones.</summary>
    public uint MaxStackDepth { get; init; } = 1;

    /// <summary>
    /// Seconds after which the kernel ends the connection when a request was not answered; 0 for never. It keeps umount of a hung server from
    /// hanging too. A server that defers requests without bound (SETLKW forwarded to another lock manager) must take 0.
    /// </summary>
    public ushort RequestTimeout { get; init; } = 180;
}
