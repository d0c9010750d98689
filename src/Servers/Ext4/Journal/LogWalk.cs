namespace Servers.Ext4;

/// <summary>Goes once more through the transactions that <see cref="LogScan"/> found whole.</summary>
internal abstract class LogWalk(JournalSuperblock journal, JournalStore store)
{
    private readonly byte[] _block = new byte[store.BlockSize];

    protected JournalSuperblock Journal => journal;

    protected JournalStore Store => store;

    public void Run(uint endSequence)
    {
        var position = new LogPosition(journal);
        uint sequence = journal.Sequence;
        while (sequence != endSequence && !position.IsInCircles)
        {
            store.Read(position.Block, _block);
            position.Advance(1);
            switch (JournalHeader.Read(_block).Kind)
            {
                case JournalBlockKind.Descriptor:
                    Describe(ref position, sequence);
                    break;
                case JournalBlockKind.Revoke:
                    Revoke(_block, sequence);
                    break;
                case JournalBlockKind.Commit:
                    sequence = unchecked(sequence + 1);
                    break;
            }
        }
    }

    /// <summary>A block was logged by this transaction; its copy is block <paramref name="logBlock"/> of the journal.</summary>
    protected virtual void Logged(DescriptorTag tag, uint logBlock, uint sequence)
    {
    }

    /// <summary>A block with revoke records belongs to this transaction.</summary>
    protected virtual void Revoke(ReadOnlySpan<byte> block, uint sequence)
    {
    }

    private void Describe(ref LogPosition position, uint sequence)
    {
        var tags = new DescriptorTagReader(journal, _block);
        while (tags.Next(out DescriptorTag tag))
        {
            uint logBlock = position.Block;
            position.Advance(1);
            Logged(tag, logBlock, sequence);
        }
    }
}
