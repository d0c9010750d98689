namespace Servers.Ext4;

/// <summary>
/// Extent trees. A node is verified as a whole before any of it is used, as in the kernel: one bad extent makes the node unreadable. The
/// root stands in the inode and fails the inode.
/// </summary>
internal static class ExtentMap
{
    private const int MaximumDepth = 5;

    // What the check of a single node lets pass: a tree that is too deep is found out when it is used.
    private const int MaximumStoredDepth = 32;

    /// <summary>Checks the root when its inode is read.</summary>
    public static void VerifyRoot(VolumeCore core, Inode inode)
    {
        var root = new ExtentNode(inode.BlockField);
        Verify(core, inode, inode.BlockField, root.Depth, default, null);
    }

    public static BlockRun Lookup(VolumeCore core, Inode inode, uint fileBlock)
    {
        var node = new ExtentNode(inode.BlockField);
        int depth = node.Depth;
        if (depth > MaximumDepth)
        {
            throw Ext4Exception.Corrupted(CorruptionReason.ExtentDepth, inode.Number.Value, 0, (uint)depth, MaximumDepth);
        }

        FsBlock block = default;
        // The first block behind what the current node is about: a hole at its end goes no further.
        uint limit = uint.MaxValue;
        for (; depth > 0; depth--)
        {
            int index = node.Search(fileBlock);
            limit = index + 1 < node.Entries ? Math.Min(limit, node.FileBlock(index + 1)) : limit;
            block = node.Child(index);
            node = new ExtentNode(Load(core, inode, block, depth - 1, node.FileBlock(index)).Bytes);
        }

        if (node.Entries == 0 && block.Value != 0)
        {
            throw Ext4Exception.Corrupted(CorruptionReason.ExtentEntryCount, inode.Number.Value, block.Value);
        }

        return FindInLeaf(node, fileBlock, limit);
    }

    private static BlockRun FindInLeaf(ExtentNode leaf, uint fileBlock, uint limit)
    {
        if (leaf.Entries == 0)
        {
            return BlockRun.Hole(fileBlock, limit - fileBlock);
        }

        int index = leaf.Search(fileBlock);
        uint start = leaf.FileBlock(index);
        if (fileBlock < start)
        {
            return BlockRun.Hole(fileBlock, Math.Min(start, limit) - fileBlock);
        }

        uint skip = fileBlock - start;
        uint length = leaf.Length(index);
        if (skip < length)
        {
            RunState state = leaf.IsUnwritten(index) ? RunState.Unwritten : RunState.Mapped;
            return new BlockRun(fileBlock, leaf.Start(index).Add(skip), length - skip, state);
        }

        uint next = index + 1 < leaf.Entries ? Math.Min(limit, leaf.FileBlock(index + 1)) : limit;
        return BlockRun.Hole(fileBlock, next - fileBlock);
    }

    private static CachedBlock Load(VolumeCore core, Inode inode, FsBlock block, int depth, uint firstFileBlock)
    {
        CachedBlock cached = core.Blocks.Get(block, inode.Number.Value);
        BlockRole role = BlockRole.ExtentNode + (byte)depth;
        if (!cached.IsVerifiedFor(inode.Number.Value, role))
        {
            Verify(core, inode, cached.Bytes, depth, block, firstFileBlock);
            cached.SetVerifiedFor(inode.Number.Value, role);
        }

        // Asked on every visit: a node that two parents share would let a small image describe a file without end.
        var node = new ExtentNode(cached.Bytes);
        if (node.Entries > 0 && node.FileBlock(0) != firstFileBlock)
        {
            throw Ext4Exception.Corrupted(
                CorruptionReason.ExtentOrder, inode.Number.Value, block.Value, node.FileBlock(0), firstFileBlock);
        }

        return cached;
    }

    // firstFileBlock is null for the root, which has no parent to agree with and no checksum of its own.
    private static void Verify(
        VolumeCore core, Inode inode, ReadOnlySpan<byte> bytes, int depth, FsBlock block, uint? firstFileBlock)
    {
        var node = new ExtentNode(bytes);
        int room = (bytes.Length - ExtentNode.HeaderSize) / ExtentNode.EntrySize;
        Require(node.StoredMagic == ExtentNode.Magic, CorruptionReason.ExtentMagic, node.StoredMagic, ExtentNode.Magic);
        Require(node.Depth == depth && depth <= MaximumStoredDepth, CorruptionReason.ExtentDepth, node.Depth, depth);
        Require(node.Maximum != 0 && node.Maximum <= room, CorruptionReason.ExtentMaximum, node.Maximum, room);
        Require(node.Entries <= node.Maximum, CorruptionReason.ExtentEntryCount, node.Entries, node.Maximum);
        Require(node.Entries != 0 || depth == 0, CorruptionReason.ExtentEntryCount, 0, depth);
        if (depth == 0)
        {
            VerifyExtents(core, inode, node, block, firstFileBlock);
        }
        else
        {
            VerifyIndexes(core, inode, node, block, firstFileBlock);
        }

        if (firstFileBlock != null && core.Superblock.HasMetadataChecksums)
        {
            VerifyChecksum(inode, bytes, node.Maximum, block);
        }

        void Require(bool condition, CorruptionReason reason, int value, int limit)
        {
            if (!condition)
            {
                throw Ext4Exception.Corrupted(reason, inode.Number.Value, block.Value, (uint)value, (uint)limit);
            }
        }
    }

    private static void VerifyExtents(VolumeCore core, Inode inode, ExtentNode node, FsBlock block, uint? firstFileBlock)
    {
        ulong end = firstFileBlock ?? 0;
        for (int i = 0; i < node.Entries; i++)
        {
            uint fileBlock = node.FileBlock(i);
            uint length = node.Length(i);
            bool starts = i > 0 || firstFileBlock == null || fileBlock == firstFileBlock;
            bool ordered = starts && fileBlock >= end;
            bool sized = length != 0 && (ulong)fileBlock + length <= uint.MaxValue;
            if (!ordered || !sized || !core.Zones.IsValid(node.Start(i), length, inode.Number.Value))
            {
                CorruptionReason reason = ordered ? CorruptionReason.ExtentRange : CorruptionReason.ExtentOrder;
                throw Ext4Exception.Corrupted(reason, inode.Number.Value, block.Value, node.Start(i).Value, length);
            }

            end = (ulong)fileBlock + length;
        }
    }

    private static void VerifyIndexes(VolumeCore core, Inode inode, ExtentNode node, FsBlock block, uint? firstFileBlock)
    {
        ulong end = firstFileBlock ?? 0;
        for (int i = 0; i < node.Entries; i++)
        {
            uint fileBlock = node.FileBlock(i);
            bool starts = i > 0 || firstFileBlock == null || fileBlock == firstFileBlock;
            if (!starts || fileBlock < end || !core.Zones.IsValid(node.Child(i), 1, inode.Number.Value))
            {
                throw Ext4Exception.Corrupted(
                    CorruptionReason.ExtentIndexRange, inode.Number.Value, block.Value, node.Child(i).Value, fileBlock);
            }

            end = (ulong)fileBlock + 1;
        }
    }

    private static void VerifyChecksum(Inode inode, ReadOnlySpan<byte> bytes, int maximum, FsBlock block)
    {
        int tail = ExtentNode.HeaderSize + (maximum * ExtentNode.EntrySize);
        // 4 or 8 bytes always remain behind the last entry, because no power of two is a multiple of 12.
        uint computed = Crc32c.Append(inode.ChecksumSeed, bytes[..tail]);
        if (bytes.U32(tail) != computed)
        {
            throw Ext4Exception.BadChecksum(CorruptionReason.ExtentChecksum, inode.Number.Value, block.Value, bytes.U32(tail), computed);
        }
    }
}
