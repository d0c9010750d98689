namespace Servers.Ext4;

/// <summary>How a volume is opened.</summary>
public sealed record VolumeOptions
{
    public const long DefaultCacheBytes = 8 * 1024 * 1024;

    /// <summary>What the metadata cache may hold.</summary>
    public long CacheBytes { get; init; } = DefaultCacheBytes;

    /// <summary>
    /// Hears about damage that was read around: a wrong group checksum, a directory block that was skipped. Called from every reading
    /// thread; whoever writes lines from it limits their rate.
    /// </summary>
    public Action<Ext4Error>? OnFault { get; init; }

    /// <summary>Where the superblock is, in bytes: a copy serves where the first one is gone. The descriptors behind it are used, too.</summary>
    public long SuperblockAt { get; init; } = Superblock.Offset;

    /// <summary>The journal of a filesystem that keeps it on a device of its own.</summary>
    public IBlockDevice? JournalDevice { get; init; }

    /// <summary>The raw state of a filesystem that was not unmounted: its journal is left alone.</summary>
    public bool NoRecovery { get; init; }
}
