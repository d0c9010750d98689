using ServiceHost.Options;

namespace Servers.Passthrough;

/// <summary>The words of -o that mean something to this server.</summary>
internal static class PassthroughOptionTable
{
    private const double MaxSeconds = 1_000_000_000;

    public static MountOption<CachePolicy> Cache { get; } = MountOption.Choice(
        "cache",
        "what the kernel keeps: never (nothing), auto (names and attributes for the timeouts, data until it changed or is opened again), "
            + "always (until told otherwise; nobody else may change the source)",
        CachePolicy.Auto,
        ("never", CachePolicy.Never),
        ("auto", CachePolicy.Auto),
        ("always", CachePolicy.Always));

    public static MountOption<TimeSpan> EntryTimeout { get; } = MountOption.Seconds(
        "entry_timeout", "a name is used without asking for so long; cache=always: one day unless given", standard: 1, MaxSeconds);

    public static MountOption<TimeSpan> AttributeTimeout { get; } = MountOption.Seconds(
        "attr_timeout", "attributes are used without asking for so long; cache=always: one day unless given", standard: 1, MaxSeconds);

    public static MountOption<TimeSpan> NegativeTimeout { get; } = MountOption.Seconds(
        "negative_timeout", "a missing name is believed missing for so long", standard: 0, MaxSeconds);

    public static MountOption<bool> Writeback { get; } = MountOption.Switch(
        "writeback", "the kernel collects writes and sends them later: faster, and others see them later (not with cache=never)");

    public static MountOption<BackingPolicy> Backing { get; } = MountOption.Choice(
        "passthrough",
        "files that the kernel reads and writes without asking this server: auto (not what is executable and can be written), always (executables "
            + "too: ETXTBSY for who wants to write one that is being read), readonly (only what cannot be written here), never",
        BackingPolicy.Auto,
        ("auto", BackingPolicy.Auto),
        ("always", BackingPolicy.Always),
        ("readonly", BackingPolicy.ReadOnly),
        ("never", BackingPolicy.Never));

    public static MountOption<long> BackingMinSize { get; } = MountOption.Integer(
        "passthrough_min_size",
        "BYTES",
        "files smaller than this when they are first opened are served by ordinary I/O",
        standard: 0,
        minimum: 0,
        maximum: long.MaxValue);

    public static MountOption<LockPolicy> Locks { get; } = MountOption.Choice(
        "locks",
        "fcntl and flock locks: local (kept by the kernel, for this mount alone), shared (taken on the source; switches the request timeout off)",
        LockPolicy.Local,
        ("local", LockPolicy.Local),
        ("shared", LockPolicy.Shared));

    public static MountOption<long> MaxInodes { get; } = MountOption.Integer(
        "max_inodes",
        "N",
        "inodes held open at once, one file descriptor each; 0: what the limit on open files allows",
        standard: 0,
        minimum: 0,
        maximum: 100_000_000);

    public static MountOptionTable Table { get; } =
        new(Cache, EntryTimeout, AttributeTimeout, NegativeTimeout, Writeback, Backing, BackingMinSize, Locks, MaxInodes);
}
