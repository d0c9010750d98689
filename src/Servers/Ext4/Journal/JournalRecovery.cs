namespace Servers.Ext4;

/// <summary>
/// Recovers a journal without writing: the result says for each logged block where in the journal its newest copy lies. It follows
/// the kernel's recovery in what ends a log quietly, what refuses the mount, and what a revoke record hides.
/// </summary>
internal sealed class JournalRecovery
{
    private readonly Dictionary<ulong, BlockFate> _fates = [];

    private JournalRecovery(uint firstSequence, uint endSequence)
    {
        FirstSequence = firstSequence;
        EndSequence = endSequence;
    }

    public uint FirstSequence { get; }

    /// <summary>One past the last transaction replayed: the one that fast commits belong to.</summary>
    public uint EndSequence { get; }

    public uint Transactions => unchecked(EndSequence - FirstSequence);

    public int ReplayedBlocks { get; private set; }

    public int RevokedBlocks { get; private set; }

    public IReadOnlyDictionary<ulong, BlockFate> Blocks => _fates;

    /// <exception cref="Ext4Exception">A committed transaction is damaged: there is no state that could be shown as recovered.</exception>
    public static JournalRecovery Run(JournalSuperblock journal, JournalStore store, ulong blockCount)
    {
        uint end = new LogScan(journal, store).FindEnd();
        var recovery = new JournalRecovery(journal.Sequence, end);
        recovery.Replay(journal, store, blockCount);
        return recovery;
    }

    private void Replay(JournalSuperblock journal, JournalStore store, ulong blockCount)
    {
        new LoggedBlocks(journal, store, _fates, blockCount).Run(EndSequence);
        new RevokedBlocks(journal, store, _fates).Run(EndSequence);
        var replay = new ReplayedBlocks(journal, store, _fates);
        replay.Run(EndSequence);
        ReplayedBlocks = replay.Replayed;
        RevokedBlocks = replay.Revoked;
        foreach ((ulong block, BlockFate fate) in _fates)
        {
            if (fate.LogBlock == 0)
            {
                _fates.Remove(block);
            }
        }

        _fates.TrimExcess();
    }
}
