namespace Servers.Ext4;

/// <summary>Third walk: where the newest copy of each block lies. Copies are checked here and read again when they are wanted.</summary>
internal sealed class ReplayedBlocks(JournalSuperblock journal, JournalStore store, Dictionary<ulong, BlockFate> fates)
    : LogWalk(journal, store)
{
    private readonly byte[] _copy = new byte[store.BlockSize];

    public int Replayed { get; private set; }

    public int Revoked { get; private set; }

    protected override void Logged(DescriptorTag tag, uint logBlock, uint sequence)
    {
        BlockFate fate = fates[tag.Block];
        if (fate.IsVoid(sequence))
        {
            Revoked++;
            return;
        }

        Verify(tag, logBlock, sequence);
        fates[tag.Block] = fate with { LogBlock = logBlock, IsEscaped = tag.IsEscaped };
        Replayed++;
    }

    private void Verify(DescriptorTag tag, uint logBlock, uint sequence)
    {
        if (!Journal.HasBlockChecksums)
        {
            return;
        }

        Store.Read(logBlock, _copy);
        if (!JournalChecksums.DataIsRight(Journal, tag, _copy, sequence))
        {
            throw Ext4Exception.BadChecksum(CorruptionReason.JournalData, 0, tag.Block, tag.Checksum, sequence);
        }
    }
}
