namespace Servers.Ext4;

/// <summary>Goes through the tags of a descriptor block. Their size depends on three features, and each may carry a UUID.</summary>
internal ref struct DescriptorTagReader
{
    private readonly ReadOnlySpan<byte> _block;
    private readonly JournalSuperblock _journal;
    private readonly int _tagSize;
    private readonly int _end;
    private int _offset = JournalHeader.Size;
    private bool _ended;

    public DescriptorTagReader(JournalSuperblock journal, ReadOnlySpan<byte> block)
    {
        _block = block;
        _journal = journal;
        _tagSize = TagSize(journal);
        _end = block.Length - (journal.HasBlockChecksums ? sizeof(uint) : 0);
    }

    public bool Next(out DescriptorTag tag)
    {
        tag = default;
        if (_ended || _offset + _tagSize > _end)
        {
            return false;
        }

        ReadOnlySpan<byte> bytes = _block.Slice(_offset, _tagSize);
        // The third scheme widens the flags to 32 bits, of which these are the low half: the offset is the same.
        ushort t_flags = bytes.Be16(6);
        ulong block = bytes.Be32(0);
        if (_journal.Has(JournalFeatures.Bits64))
        {
            block |= (ulong)bytes.Be32(8) << 32;
        }

        uint checksum = _journal.Has(JournalFeatures.ChecksumV3) ? bytes.Be32(12) : bytes.Be16(4);
        tag = new DescriptorTag(block, checksum, (t_flags & DescriptorTag.Escape) != 0);
        _offset += _tagSize + ((t_flags & DescriptorTag.SameUuid) == 0 ? DescriptorTag.UuidSize : 0);
        _ended = (t_flags & DescriptorTag.LastTag) != 0;
        return true;
    }

    /// <summary>How many blocks of the log belong to the descriptor.</summary>
    public static uint Count(JournalSuperblock journal, ReadOnlySpan<byte> block)
    {
        var reader = new DescriptorTagReader(journal, block);
        uint count = 0;
        while (reader.Next(out _))
        {
            count++;
        }

        return count;
    }

    private static int TagSize(JournalSuperblock journal)
    {
        if (journal.Has(JournalFeatures.ChecksumV3))
        {
            return 16;
        }

        int size = journal.Has(JournalFeatures.Bits64) ? 12 : 8;
        return journal.Has(JournalFeatures.ChecksumV2) ? size + sizeof(ushort) : size;
    }
}
