namespace Servers.Ext4;

/// <summary>
/// A filesystem that was not unmounted, as it is after recovery: the device to read it through, and what recovery did. Nothing is
/// written, so the next mount starts from the same state.
/// </summary>
internal sealed record RecoveredState(IBlockDevice Device, JournalRecovery? Recovery)
{
    // Recovery reads each metadata block about once.
    private const long CacheBytes = 256 * 1024;

    public RecoverySummary? Summary => Recovery is { } done
        ? new RecoverySummary(done.Transactions, done.ReplayedBlocks, done.RevokedBlocks)
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
        RefuseFastCommits(journal, store, superblock, recovery);
        return new RecoveredState(new RecoveredDevice(device, store, recovery), recovery);
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

    // A state without the fast commits would be older than what the log's owner was told is safe.
    private static void RefuseFastCommits(
        JournalSuperblock journal, JournalStore store, Superblock superblock, JournalRecovery recovery)
    {
        int records = new FastCommitScan(journal, store, superblock.InodeSize, recovery.EndSequence).CountValid();
        if (records != 0)
        {
            throw Ext4Exception.Corrupted(CorruptionReason.FastCommitNotReplayed, value: (uint)records);
        }
    }
}
