namespace Servers.Ext4;

/// <summary>First walk: which blocks the log speaks of. Every one takes a block of the log, which bounds the table.</summary>
internal sealed class LoggedBlocks(JournalSuperblock journal, JournalStore store, Dictionary<ulong, BlockFate> fates, ulong blockCount)
    : LogWalk(journal, store)
{
    protected override void Logged(DescriptorTag tag, uint logBlock, uint sequence)
    {
        if (tag.Block >= blockCount)
        {
            throw Ext4Exception.Corrupted(CorruptionReason.JournalBlockRange, block: logBlock, value: tag.Block, limit: blockCount);
        }

        fates.TryAdd(tag.Block, default);
    }
}
