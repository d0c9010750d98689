namespace Servers.Ext4;

/// <summary>The block map of ext2 and ext3: 12 direct blocks, then trees of one, two and three levels of block numbers.</summary>
internal static class IndirectMap
{
    private const int DirectBlocks = 12;
    private const int Levels = 3;

    /// <summary>Checks the direct blocks when their inode is read; the roots of the trees are looked at when they are used.</summary>
    public static void VerifyRoot(VolumeCore core, Inode inode)
    {
        ReadOnlySpan<byte> i_block = inode.BlockField;
        for (int i = 0; i < DirectBlocks; i++)
        {
            VerifyReference(core, inode, i_block.U32(i * sizeof(uint)), 0);
        }
    }

    public static BlockRun Lookup(VolumeCore core, Inode inode, uint fileBlock)
    {
        if (fileBlock < DirectBlocks)
        {
            return RunIn(core, inode, inode.BlockField[..(DirectBlocks * sizeof(uint))], (int)fileBlock, fileBlock, 1);
        }

        int bits = core.Superblock.BlockBits - 2;
        ulong rest = fileBlock - DirectBlocks;
        for (int level = 1; level <= Levels; level++)
        {
            ulong size = 1ul << (bits * level);
            if (rest < size)
            {
                FsBlock root = new(inode.BlockField.U32((DirectBlocks + level - 1) * sizeof(uint)));
                return Descend(core, inode, fileBlock, root, level, rest);
            }

            rest -= size;
        }

        // Behind what three levels can name: i_size was checked against it, so only a caller's own number gets here.
        return BlockRun.Hole(fileBlock, uint.MaxValue - fileBlock);
    }

    // The depth is fixed by the place in the file, so the walk ends whatever the blocks say.
    private static BlockRun Descend(VolumeCore core, Inode inode, uint fileBlock, FsBlock block, int level, ulong rest)
    {
        int bits = core.Superblock.BlockBits - 2;
        VerifyReference(core, inode, (uint)block.Value, 0);
        while (block.Value != 0)
        {
            level--;
            CachedBlock map = core.Blocks.Get(block, inode.Number.Value);
            int index = (int)(rest >> (bits * level));
            rest &= (1ul << (bits * level)) - 1;
            if (level == 0)
            {
                return RunIn(core, inode, map.Bytes, index, fileBlock, 1);
            }

            block = new FsBlock(map.Bytes.U32(index * sizeof(uint)));
            VerifyReference(core, inode, (uint)block.Value, map.Number.Value);
        }

        return HoleBelow(fileBlock, bits * level, rest);
    }

    private static BlockRun HoleBelow(uint fileBlock, int coverBits, ulong rest)
    {
        ulong count = (1ul << coverBits) - rest;
        return BlockRun.Hole(fileBlock, (uint)Math.Min(count, uint.MaxValue - fileBlock));
    }

    private static BlockRun RunIn(VolumeCore core, Inode inode, ReadOnlySpan<byte> numbers, int index, uint fileBlock, uint count)
    {
        uint first = numbers.U32(index * sizeof(uint));
        VerifyReference(core, inode, first, 0);
        int last = numbers.Length / sizeof(uint);
        for (int i = index + 1; i < last; i++, count++)
        {
            uint expected = first == 0 ? 0 : unchecked(first + count);
            if (numbers.U32(i * sizeof(uint)) != expected)
            {
                break;
            }
        }

        if (first == 0)
        {
            return BlockRun.Hole(fileBlock, count);
        }

        // A run is cut where a structure begins; the block behind is refused when it is asked for.
        bool whole = core.Zones.IsValid(new FsBlock(first), count, inode.Number.Value);
        return new BlockRun(fileBlock, new FsBlock(first), whole ? count : 1, RunState.Mapped);
    }

    private static void VerifyReference(VolumeCore core, Inode inode, uint block, ulong foundIn)
    {
        if (block != 0 && !core.Zones.IsValid(new FsBlock(block), 1, inode.Number.Value))
        {
            throw Ext4Exception.Corrupted(
                CorruptionReason.IndirectRange, inode.Number.Value, foundIn, block, core.Superblock.BlocksCount);
        }
    }
}
