namespace Servers.Ext4;

/// <summary>Reads and verifies the blocks of a directory; leaves and the inner nodes of a hash tree keep their checksums differently.</summary>
internal static class DirectoryBlocks
{
    private const int TailSize = 12;
    private const byte TailType = 0xDE;
    private const int IndexTailSize = 8;

    public static uint Count(VolumeCore core, Inode directory) => (uint)(directory.Size >> core.Superblock.BlockBits);

    /// <summary>Indexed, and the filesystem still has the feature.</summary>
    public static bool IsIndexed(VolumeCore core, Inode directory) =>
        directory.Has(InodeFlags.Index) && core.Superblock.Has(CompatFeatures.DirIndex) && directory.Inline == null;

    /// <summary>
    /// is_dx_dir: the kernel lists such a directory through its hash code, where a block that cannot be read fails the listing. In all
    /// others it skips the block.
    /// </summary>
    public static bool IsListedByHash(VolumeCore core, Inode directory) =>
        core.Superblock.Has(CompatFeatures.DirIndex)
        && (directory.Has(InodeFlags.Index) || Count(core, directory) == 1 || directory.Inline != null);

    /// <summary>The block at a place that was mapped, verified as what it is.</summary>
    public static CachedBlock Load(VolumeCore core, Inode directory, uint fileBlock, FsBlock place)
    {
        CachedBlock block = core.Blocks.Get(place, directory.Number.Value);
        if (core.Superblock.HasMetadataChecksums)
        {
            Verify(directory, block, IsIndexBlock(core, directory, fileBlock, block.Bytes));
        }

        return block;
    }

    /// <summary>A block that a hash tree refers to: it has to exist.</summary>
    public static CachedBlock LoadReferenced(VolumeCore core, Inode directory, uint fileBlock, bool index)
    {
        uint ino = directory.Number.Value;
        if (fileBlock >= Count(core, directory))
        {
            throw Ext4Exception.Corrupted(CorruptionReason.DirectoryHole, ino, 0, fileBlock, Count(core, directory));
        }

        BlockRun run = BlockMap.Lookup(core, directory, fileBlock);
        if (run.State != RunState.Mapped)
        {
            throw Ext4Exception.Corrupted(CorruptionReason.DirectoryHole, ino, 0, fileBlock);
        }

        CachedBlock block = Load(core, directory, fileBlock, run.Start);
        if (index && !IsIndexBlock(core, directory, fileBlock, block.Bytes))
        {
            throw Ext4Exception.Corrupted(CorruptionReason.HashTreeRoot, ino, block.Number.Value, fileBlock);
        }

        return block;
    }

    /// <summary>A node of the hash tree, the root included, unverified.</summary>
    public static bool IsInnerNode(VolumeCore core, Inode directory, uint fileBlock, FsBlock place) =>
        IsIndexed(core, directory)
        && IsIndexBlock(core, directory, fileBlock, core.Blocks.Get(place, directory.Number.Value).Bytes);

    /// <summary>Looks for a name in a leaf. A record that leads nowhere ends the search of the block, as in the kernel.</summary>
    public static bool TryFind(
        VolumeCore core, Inode directory, ReadOnlySpan<byte> block, in NameMatcher matcher, out uint inode, out bool damaged)
    {
        bool keyed = directory.IsEncrypted && directory.Has(InodeFlags.CaseFold);
        (inode, damaged) = (0, false);
        for (int offset = 0; offset + DirectoryRecord.HeaderSize <= block.Length;)
        {
            var record = new DirectoryRecord(block, offset);
            bool inside = offset + DirectoryRecord.HeaderSize + record.NameLength <= block.Length;
            if (inside && record.Inode != 0 && matcher.Matches(record.Name))
            {
                damaged = record.Check(core.Superblock, keyed) != CorruptionReason.None;
                inode = damaged ? 0 : record.Inode;
                return !damaged;
            }

            if (record.Length <= 0)
            {
                damaged = true;
                return false;
            }

            offset = record.End;
        }

        return false;
    }

    private static bool IsIndexBlock(VolumeCore core, Inode directory, uint fileBlock, ReadOnlySpan<byte> block) =>
        IsIndexed(core, directory) && (fileBlock == 0 || new DirectoryRecord(block, 0).Length == block.Length);

    private static void Verify(Inode directory, CachedBlock block, bool index)
    {
        BlockRole role = index ? BlockRole.DirectoryIndex : BlockRole.DirectoryLeaf;
        uint ino = directory.Number.Value;
        if (block.IsVerifiedFor(ino, role))
        {
            return;
        }

        if (index)
        {
            VerifyIndex(directory, block);
        }
        else
        {
            VerifyLeaf(directory, block);
        }

        block.SetVerifiedFor(ino, role);
    }

    private static void VerifyLeaf(Inode directory, CachedBlock block)
    {
        ReadOnlySpan<byte> bytes = block.Bytes;
        ReadOnlySpan<byte> tail = bytes[^TailSize..];
        uint computed = Crc32c.Append(directory.ChecksumSeed, bytes[..^TailSize]);
        bool isTail = tail.U32(0) == 0 && tail.U16(4) == TailSize && tail[6] == 0 && tail[7] == TailType;
        if (!isTail || tail.U32(8) != computed)
        {
            throw Ext4Exception.BadChecksum(
                CorruptionReason.DirectoryChecksum, directory.Number.Value, block.Number.Value, tail.U32(8), computed);
        }
    }

    private static void VerifyIndex(Inode directory, CachedBlock block)
    {
        ReadOnlySpan<byte> bytes = block.Bytes;
        int entries = HashTreeNode.EntriesOffset(bytes);
        int tail = entries == 0 ? 0 : entries + (bytes.U16(entries) * HashTreeNode.EntrySize);
        int used = entries == 0 ? 0 : entries + (bytes.U16(entries + 2) * HashTreeNode.EntrySize);
        if (entries == 0 || tail > bytes.Length - IndexTailSize || used > bytes.Length)
        {
            throw Ext4Exception.BadChecksum(
                CorruptionReason.HashTreeChecksum, directory.Number.Value, block.Number.Value, (uint)tail, (uint)used);
        }

        uint computed = Crc32c.Append(directory.ChecksumSeed, bytes[..used]);
        computed = Crc32c.Append(computed, bytes.Slice(tail, sizeof(uint)));
        computed = Crc32c.AppendZeros(computed, sizeof(uint));
        uint stored = bytes.U32(tail + sizeof(uint));
        if (stored != computed)
        {
            throw Ext4Exception.BadChecksum(
                CorruptionReason.HashTreeChecksum, directory.Number.Value, block.Number.Value, stored, computed);
        }
    }
}
