namespace Servers.Ext4;

/// <summary>Second walk: which of the logged blocks were revoked, and when last. Other records need not be remembered.</summary>
internal sealed class RevokedBlocks(JournalSuperblock journal, JournalStore store, Dictionary<ulong, BlockFate> fates)
    : LogWalk(journal, store)
{
    private const int CountOffset = JournalHeader.Size;
    private const int RecordsOffset = 16;

    protected override void Revoke(ReadOnlySpan<byte> block, uint sequence)
    {
        // The count is in bytes and includes the header.
        uint r_count = block.Be32(CountOffset);
        int room = block.Length - (Journal.HasBlockChecksums ? sizeof(uint) : 0);
        if (r_count > room)
        {
            throw Ext4Exception.Corrupted(CorruptionReason.JournalRevokeCount, value: r_count, limit: (ulong)room);
        }

        int size = Journal.Has(JournalFeatures.Bits64) ? sizeof(ulong) : sizeof(uint);
        for (int offset = RecordsOffset; offset + size <= r_count; offset += size)
        {
            Revoke(size == sizeof(ulong) ? block.Be64(offset) : block.Be32(offset), sequence);
        }
    }

    private void Revoke(ulong block, uint sequence)
    {
        if (fates.TryGetValue(block, out BlockFate fate))
        {
            // Transactions come in their order, so the last record is the one that counts.
            fates[block] = fate with { RevokedBy = sequence };
        }
    }
}
