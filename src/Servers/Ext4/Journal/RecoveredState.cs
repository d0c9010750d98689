namespace Servers.Ext4;

/// <summary>
/// A filesystem that was not unmounted, as it is after recovery: the device to read it through, and what recovery did. Nothing is
/// written, so the next mount starts from the same state.
/// </summary>
internal sealed record RecoveredState(IBlockDevice Device, JournalRecovery? Recovery)
{
    /// <summary>What is to be replayed by whoever opens the recovered filesystem; null when there is nothing.</summary>
    public PendingFastCommits? FastCommits { get; private init; }

    // Recovery reads each metadata block about once.
    private const long CacheBytes = 256 * 1024;

    public RecoverySummary? Summary => Recovery is { } done
        ? new RecoverySummary(done.Transactions, done.ReplayedBlocks, done.RevokedBlocks, FastCommits?.Records ?? 0)
        : null;

    /// <summary>Recovers as far as the superblock asks for it. The caller reads the superblock again: it may have been in the log.</summary>
    /// <exception cref="Ext4Exception">There is no journal to recover from, or it cannot be recovered.</exception>
    public static RecoveredState Of(IBlockDevice device, Superblock superblock, VolumeOptions options)
    {
        bool needed = superblock.Has(IncompatFeatures.Recover) && superblock.Has(CompatFeatures.HasJournal);
        if (!needed || options.NoRecovery)
        {
            return new RecoveredState(device, null);
        }

        JournalStore store = Find(device, superblock, options);
        JournalSuperblock journal = Decode(store, superblock);
        if (journal.Start == 0)
        {
            return new RecoveredState(device, null);
        }

        var recovery = JournalRecovery.Run(journal, store, superblock.BlocksCount);
        int records = new FastCommitScan(journal, store, superblock.InodeSize, recovery.EndSequence).CountValid();
        return new RecoveredState(new RecoveredDevice(device, store, recovery), recovery)
        {
            FastCommits = records == 0 ? null : new PendingFastCommits(journal, store, records),
        };
    }

    private static JournalStore Find(IBlockDevice device, Superblock superblock, VolumeOptions options)
    {
        if (superblock.JournalInode != 0 && superblock.JournalDevice != 0)
        {
            throw Ext4Exception.Corrupted(CorruptionReason.JournalInode, value: superblock.JournalInode, limit: superblock.JournalDevice);
        }

        if (superblock.JournalInode != 0)
        {
            return JournalFile.Open(new VolumeCore(device, superblock, options with { CacheBytes = CacheBytes }));
        }

        return options.JournalDevice is IBlockDevice external
            ? JournalDevice.Open(external, superblock)
            : throw Ext4Exception.Corrupted(CorruptionReason.JournalMissing, value: superblock.JournalDevice);
    }

    private static JournalSuperblock Decode(JournalStore store, Superblock superblock)
    {
        byte[] block = new byte[store.BlockSize];
        store.Read(0, block);
        var journal = JournalSuperblock.Decode(block, store.BlockSize, store.Length);
        bool shared = superblock.JournalInode == 0 && journal.Users != 1;
        return shared
            ? throw Ext4Exception.Corrupted(CorruptionReason.JournalUsers, value: journal.Users, limit: 1)
            : journal;
    }
}
