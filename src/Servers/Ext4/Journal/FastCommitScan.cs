namespace Servers.Ext4;

/// <summary>
/// Looks for fast commits behind the log. They count only when they belong to the transaction after the last one replayed, and up to the
/// last tail whose checksum is right; what follows it is an interrupted commit.
/// </summary>
internal ref struct FastCommitScan(JournalSuperblock journal, JournalStore store, int inodeSize, uint sequence)
{
    // The default area of 256 blocks has room for 53,000 of the shortest. What they change is held in memory.
    private const int MostRecords = 256 * 1024;

    private readonly byte[] _block = new byte[store.BlockSize];
    private uint _checksum;
    private int _records;
    private int _valid;

    /// <summary>How many records, counted from the start of the area, are to be replayed.</summary>
    /// <exception cref="Ext4Exception">The area begins as a live fast commit and is damaged, or needs a feature nobody knows.</exception>
    public int CountValid()
    {
        // The kernel leaves the block between the ring and the area unused.
        for (uint block = journal.Last + 1; block < journal.Length && journal.Has(JournalFeatures.FastCommit); block++)
        {
            store.Read(block, _block);
            if ((_records == 0 && (FastCommitTag)((ReadOnlySpan<byte>)_block).U16(0) != FastCommitTag.Head) || !ScanBlock())
            {
                break;
            }
        }

        return _valid;
    }

    // False ends the area.
    private bool ScanBlock()
    {
        ReadOnlySpan<byte> rest = _block;
        while (rest.Length >= FastCommitRecord.HeaderSize)
        {
            if (!FastCommitRecord.TryRead(rest, inodeSize, out FastCommitRecord record))
            {
                return Interrupted(CorruptionReason.FastCommitRecord);
            }

            if (!Scan(record))
            {
                return false;
            }

            rest = rest[record.Bytes.Length..];
        }

        return true;
    }

    private bool Scan(FastCommitRecord record)
    {
        _records++;
        if (_records > MostRecords)
        {
            throw Ext4Exception.Corrupted(CorruptionReason.FastCommitTooLong, value: (uint)_records, limit: MostRecords);
        }

        switch (record.Tag)
        {
            case FastCommitTag.Head when record.Value.U32(0) != 0:
                throw Ext4Exception.Corrupted(CorruptionReason.FastCommitFeature, value: record.Value.U32(0));
            case FastCommitTag.Head when record.Value.U32(4) != sequence:
                return false;
            case FastCommitTag.Tail:
                return Tail(record);
            default:
                _checksum = Crc32c.Append(_checksum, record.Bytes);
                return true;
        }
    }

    private bool Tail(FastCommitRecord record)
    {
        const int covered = FastCommitRecord.HeaderSize + sizeof(uint);
        uint computed = Crc32c.Append(_checksum, record.Bytes[..covered]);
        _checksum = 0;
        if (record.Value.U32(0) != sequence || record.Value.U32(4) != computed)
        {
            return Interrupted(CorruptionReason.FastCommitChecksum);
        }

        _valid = _records;
        return true;
    }

    private readonly bool Interrupted(CorruptionReason reason) =>
        _valid != 0 ? false : throw Ext4Exception.Corrupted(reason, value: (uint)_records, limit: sequence);
}
