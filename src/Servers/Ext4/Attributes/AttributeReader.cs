namespace Servers.Ext4;

/// <summary>Finds attributes of an inode: first in the inode, then in its attribute block.</summary>
internal sealed class AttributeReader(VolumeCore core)
{
    // i_atime and i_mtime of an inode that holds a value: the value's hash, and under Lustre its only owner.
    private const int HashOffset = 0x08;
    private const int OwnerOffset = 0x10;

    /// <summary>The value as it is stored, or null when there is no such attribute.</summary>
    public byte[]? Get(Inode inode, AttributeNamespace space, ReadOnlySpan<byte> name)
    {
        if (inode.HasInlineAttributes)
        {
            AttributeArea area = AttributeArea.InInode(core, inode.Number.Value, inode.Raw.Span, inode.ExtraSize);
            if (area.TryFind(space, name, out AttributeEntry entry))
            {
                return Value(inode, area, entry);
            }
        }

        if (inode.AttributeBlock.Value != 0)
        {
            AttributeArea area = AttributeArea.InBlock(core, inode.Number.Value, inode.AttributeBlock);
            if (area.TryFind(space, name, out AttributeEntry entry))
            {
                return Value(inode, area, entry);
            }
        }

        return null;
    }

    /// <summary>Writes the full names, each ended by a NUL, and gives their length; nothing is written beyond the buffer.</summary>
    public int List(Inode inode, Span<byte> buffer)
    {
        int length = 0;
        if (inode.HasInlineAttributes)
        {
            length = Append(AttributeArea.InInode(core, inode.Number.Value, inode.Raw.Span, inode.ExtraSize), buffer, length);
        }

        if (inode.AttributeBlock.Value != 0)
        {
            length = Append(AttributeArea.InBlock(core, inode.Number.Value, inode.AttributeBlock), buffer, length);
        }

        return length;
    }

    private static int Append(AttributeArea area, Span<byte> buffer, int length)
    {
        for (int offset = 0; area.TryGet(offset, out AttributeEntry entry); offset = entry.NextOffset)
        {
            ReadOnlySpan<byte> prefix = AttributeNames.Prefix(entry.Namespace);
            int size = prefix.Length + entry.NameLength + 1;
            if (prefix.IsEmpty)
            {
                continue;
            }

            if (length + size <= buffer.Length)
            {
                prefix.CopyTo(buffer[length..]);
                entry.Name(area.Bytes).CopyTo(buffer[(length + prefix.Length)..]);
                buffer[length + size - 1] = 0;
            }

            length += size;
        }

        return length;
    }

    private byte[] Value(Inode inode, AttributeArea area, in AttributeEntry entry)
    {
        if (entry.ValueInode != 0)
        {
            return ReadValueInode(inode, area, entry);
        }

        return entry.ValueSize == 0 ? [] : area.Bytes.Slice(entry.ValueOffset, entry.ValueSize).ToArray();
    }

    private byte[] ReadValueInode(Inode owner, AttributeArea area, in AttributeEntry entry)
    {
        uint ino = owner.Number.Value;
        if (entry.ValueInode == ino)
        {
            throw Ext4Exception.Corrupted(CorruptionReason.AttributeValueInode, ino, value: entry.ValueInode);
        }

        Inode holder = core.Inodes.Get(new InodeNumber(entry.ValueInode), InodeUse.AttributeValue);
        if (holder.Size != entry.ValueSize)
        {
            throw Ext4Exception.Corrupted(
                CorruptionReason.AttributeValueRange, ino, value: (ulong)holder.Size, limit: (uint)entry.ValueSize);
        }

        byte[] value = new byte[entry.ValueSize];
        FileReader.Read(core, holder, 0, value);
        VerifyValue(owner, holder, area, entry, value);
        return value;
    }

    private void VerifyValue(Inode owner, Inode holder, AttributeArea area, in AttributeEntry entry, byte[] value)
    {
        uint stored = holder.Raw.Span.U32(HashOffset);
        bool lustre = stored != entry.Hash && holder.Raw.Span.U32(OwnerOffset) == owner.Number.Value
            && holder.Generation == owner.Generation;
        if (lustre)
        {
            return;
        }

        uint computed = Crc32c.Append(core.Superblock.ChecksumSeed, value);
        if (computed != stored)
        {
            throw Ext4Exception.Corrupted(CorruptionReason.AttributeValueHash, owner.Number.Value, 0, stored, computed);
        }

        ReadOnlySpan<byte> name = entry.Name(area.Bytes);
        if (entry.Hash != EntryHash(name, computed, signed: false) && entry.Hash != EntryHash(name, computed, signed: true))
        {
            throw Ext4Exception.Corrupted(
                CorruptionReason.AttributeValueHash, owner.Number.Value, 0, entry.Hash, EntryHash(name, computed, signed: false));
        }
    }

    // ext4_xattr_hash_entry over the name and one word, the hash of the value.
    private static uint EntryHash(ReadOnlySpan<byte> name, uint valueHash, bool signed)
    {
        unchecked
        {
            uint hash = 0;
            foreach (byte character in name)
            {
                hash = (hash << 5) ^ (hash >> 27) ^ (signed ? (uint)(sbyte)character : character);
            }

            return (hash << 16) ^ (hash >> 16) ^ valueHash;
        }
    }
}
