namespace Servers.Ext4;

/// <summary>
/// A list of attributes, in an inode or in a block of its own: entries from the front, values from the back. An instance exists only
/// after the whole list was checked, so that its readers need not.
/// </summary>
internal readonly ref struct AttributeArea
{
    private readonly ReadOnlySpan<byte> _bytes;
    private readonly int _firstEntry;

    private AttributeArea(ReadOnlySpan<byte> bytes, int firstEntry)
    {
        _bytes = bytes;
        _firstEntry = firstEntry;
    }

    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>What stands behind the fields of the inode; the caller has seen the magic there.</summary>
    public static AttributeArea InInode(VolumeCore core, uint inode, ReadOnlySpan<byte> raw, int extraSize)
    {
        ReadOnlySpan<byte> bytes = raw[(InodeFields.OldSize + extraSize + AttributeLayout.InodeHeaderSize)..];
        if (bytes.Length < sizeof(uint))
        {
            throw Ext4Exception.Corrupted(CorruptionReason.AttributeInInode, inode, 0, (uint)bytes.Length, sizeof(uint));
        }

        var area = new AttributeArea(bytes, 0);
        area.Verify(core, inode, 0);
        return area;
    }

    /// <summary>The block that i_file_acl names. Several inodes may share it, so its checksum covers the block's own number.</summary>
    public static AttributeArea InBlock(VolumeCore core, uint inode, FsBlock number)
    {
        CachedBlock block = core.Blocks.Get(number, inode);
        var area = new AttributeArea(block.Bytes, AttributeLayout.BlockHeaderSize);
        area.VerifyHeader(inode, number);
        if (!block.IsVerifiedFor(0, BlockRole.Attributes))
        {
            if (core.Superblock.HasMetadataChecksums)
            {
                area.VerifyChecksum(core.Superblock.ChecksumSeed, inode, number);
            }

            area.Verify(core, inode, number.Value);
            block.SetVerifiedFor(0, BlockRole.Attributes);
        }

        return area;
    }

    /// <summary>The entry at an offset; 0 asks for the first. False at the end of the list.</summary>
    public bool TryGet(int offset, out AttributeEntry entry)
    {
        int at = offset == 0 ? _firstEntry : offset;
        bool any = _bytes.U32(at) != 0;
        entry = any ? AttributeEntry.Decode(_bytes, at) : default;
        return any;
    }

    public bool TryFind(AttributeNamespace space, ReadOnlySpan<byte> name, out AttributeEntry entry)
    {
        for (int offset = 0; TryGet(offset, out entry); offset = entry.NextOffset)
        {
            if (entry.Namespace == space && entry.Name(_bytes).SequenceEqual(name))
            {
                return true;
            }
        }

        return false;
    }

    private void VerifyHeader(uint inode, FsBlock number)
    {
        if (_bytes.U32(0) != AttributeLayout.Magic)
        {
            throw Ext4Exception.Corrupted(
                CorruptionReason.AttributeMagic, inode, number.Value, _bytes.U32(0), AttributeLayout.Magic);
        }

        if (_bytes.U32(8) != 1)
        {
            throw Ext4Exception.Corrupted(CorruptionReason.AttributeBlockCount, inode, number.Value, _bytes.U32(8), 1);
        }
    }

    private void VerifyChecksum(uint seed, uint inode, FsBlock number)
    {
        uint crc = Crc32c.Append(seed, number.Value);
        crc = Crc32c.Append(crc, _bytes[..AttributeLayout.BlockChecksumOffset]);
        crc = Crc32c.AppendZeros(crc, sizeof(uint));
        crc = Crc32c.Append(crc, _bytes[(AttributeLayout.BlockChecksumOffset + sizeof(uint))..]);
        if (_bytes.U32(AttributeLayout.BlockChecksumOffset) != crc)
        {
            throw Ext4Exception.BadChecksum(
                CorruptionReason.AttributeChecksum, inode, number.Value, _bytes.U32(AttributeLayout.BlockChecksumOffset), crc);
        }
    }

    private void Verify(VolumeCore core, uint inode, ulong block)
    {
        int end = VerifyNames(inode, block);
        for (int offset = 0; TryGet(offset, out AttributeEntry entry); offset = entry.NextOffset)
        {
            VerifyValue(core, inode, block, entry, end);
        }
    }

    // Gives the offset of the list's terminator: no value may begin in front of it.
    private int VerifyNames(uint inode, ulong block)
    {
        int offset = _firstEntry;
        while (_bytes.U32(offset) != 0)
        {
            int length = _bytes[offset];
            int next = offset + AttributeLayout.EntrySize + AttributeLayout.Padded(length);
            if (next + sizeof(uint) > _bytes.Length)
            {
                throw Ext4Exception.Corrupted(CorruptionReason.AttributeEntry, inode, block, (uint)next, (uint)_bytes.Length);
            }

            if (_bytes.Slice(offset + AttributeLayout.EntrySize, length).Contains((byte)0))
            {
                throw Ext4Exception.Corrupted(CorruptionReason.AttributeName, inode, block, (uint)offset, (uint)length);
            }

            offset = next;
        }

        return offset;
    }

    private void VerifyValue(VolumeCore core, uint inode, ulong block, in AttributeEntry entry, int namesEnd)
    {
        if (entry.ValueInode != 0)
        {
            bool allowed = core.Superblock.Has(IncompatFeatures.EaInode) && entry.ValueInode != InodeNumber.Root.Value
                && core.Inodes.IsValidEntry(entry.ValueInode);
            if (!allowed)
            {
                throw Ext4Exception.Corrupted(CorruptionReason.AttributeValueInode, inode, block, entry.ValueInode);
            }
        }

        if ((uint)entry.ValueSize > AttributeLayout.MaximumValueSize)
        {
            throw Ext4Exception.Corrupted(
                CorruptionReason.AttributeValueRange, inode, block, (uint)entry.ValueSize, AttributeLayout.MaximumValueSize);
        }

        if (entry.ValueSize == 0 || entry.ValueInode != 0)
        {
            return;
        }

        bool inside = entry.ValueOffset >= namesEnd + sizeof(uint)
            && entry.ValueOffset + AttributeLayout.Padded(entry.ValueSize) <= _bytes.Length;
        if (!inside)
        {
            throw Ext4Exception.Corrupted(
                CorruptionReason.AttributeValueRange, inode, block, (uint)entry.ValueOffset, (uint)entry.ValueSize);
        }
    }
}
