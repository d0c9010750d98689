namespace Servers.Ext4;

/// <summary>The attributes that live in the inode: verified when the inode is read, since inline contents are one of them.</summary>
internal static class InlineAttributes
{
    /// <summary>
    /// Checks the whole list, and gives the contents when the inode keeps them inline. An inode that claims inline data without having
    /// the attribute is read through its block map, as the kernel does.
    /// </summary>
    public static InlineContent? FindContent(VolumeCore core, uint inode, ReadOnlyMemory<byte> raw, int extraSize, InodeFlags flags)
    {
        AttributeArea area = AttributeArea.InInode(core, inode, raw.Span, extraSize);
        if (!area.TryFind(AttributeNamespace.System, "data"u8, out AttributeEntry entry))
        {
            return null;
        }

        if (entry.ValueInode != 0)
        {
            throw Ext4Exception.Corrupted(CorruptionReason.InlineData, inode, value: entry.ValueInode);
        }

        if ((flags & InodeFlags.InlineData) == 0)
        {
            return null;
        }

        int start = raw.Length - area.Bytes.Length;
        ReadOnlyMemory<byte> rest = entry.ValueSize == 0 ? default : raw.Slice(start + entry.ValueOffset, entry.ValueSize);
        return new InlineContent(raw.Slice(InodeFields.BlockOffset, InodeFields.BlockSize), rest);
    }
}
