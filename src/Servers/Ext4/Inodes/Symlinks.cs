namespace Servers.Ext4;

/// <summary>Short targets live in the inode, long ones in a block, inline or encrypted ones elsewhere still.</summary>
internal static class Symlinks
{
    /// <summary>ext4_inode_is_fast_symlink: the target stands where the block map would be.</summary>
    public static bool IsFast(Superblock superblock, Inode inode)
    {
        if (!inode.IsSymlink)
        {
            return false;
        }

        if (superblock.Has(IncompatFeatures.EaInode))
        {
            return inode.Size is > 0 and < InodeFields.BlockSize;
        }

        ulong attributeSectors = inode.AttributeBlock.Value == 0 ? 0 : (ulong)superblock.BlockSize << superblock.ClusterBits >> 9;
        return inode.Inline == null && inode.Sectors == attributeSectors;
    }

    public static void VerifyFast(Superblock superblock, Inode inode)
    {
        if (inode.IsEncrypted || !IsFast(superblock, inode))
        {
            return;
        }

        int end = inode.BlockField.IndexOf((byte)0);
        if (inode.Size is 0 or >= InodeFields.BlockSize || end != inode.Size)
        {
            throw Ext4Exception.Corrupted(
                CorruptionReason.SymlinkLength, inode.Number.Value, value: (ulong)inode.Size, limit: InodeFields.BlockSize);
        }
    }

    /// <summary>Copies the target as far as it fits and gives its length. A target ends at its first NUL whatever i_size says.</summary>
    public static int Read(VolumeCore core, Inode inode, Span<byte> target)
    {
        byte[] buffer = new byte[Math.Min(inode.Size, core.Superblock.BlockSize - 1)];
        Load(core, inode, buffer);
        if (inode.IsEncrypted)
        {
            return EncryptedNames.SymlinkTarget(inode, buffer, target);
        }

        ReadOnlySpan<byte> text = buffer;
        int end = text.IndexOf((byte)0);
        text = end < 0 ? text : text[..end];
        text = text[..Math.Min(text.Length, target.Length)];
        text.CopyTo(target);
        return text.Length;
    }

    private static void Load(VolumeCore core, Inode inode, Span<byte> buffer)
    {
        if (inode.Inline is { } inline)
        {
            inline.CopyTo(0, buffer);
            return;
        }

        if (IsFast(core.Superblock, inode))
        {
            inode.BlockField[..Math.Min(buffer.Length, InodeFields.BlockSize)].CopyTo(buffer);
            return;
        }

        BlockRun run = BlockMap.Lookup(core, inode, 0);
        if (run.State != RunState.Mapped)
        {
            throw Ext4Exception.Corrupted(CorruptionReason.SymlinkLength, inode.Number.Value, value: (ulong)inode.Size);
        }

        core.Blocks.ReadData(run.Start, 0, buffer, inode.Number.Value);
    }
}
