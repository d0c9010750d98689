namespace Servers.Ext4;

/// <summary>
/// What a mount looks at beyond the superblock, with the kernel's verdicts: a group whose structures lie outside it, structures on top of
/// each other, a journal or root directory that is none. Everything else may be wrong without keeping the rest from being read.
/// </summary>
internal sealed class VolumeCheck(VolumeCore core)
{
    // Beyond so many groups (32 TB in blocks of 4 KiB) they are checked when they are used: opening has to end in bounded time.
    private const uint MaximumSweptGroups = 256 * 1024;
    private const long MaximumOrphanFile = 8 << 20;
    private const uint OrphanMagic = 0x0B10_CA04;
    private const int OrphanTailSize = 8;

    private readonly Superblock _superblock = core.Superblock;

    /// <summary>Runs all checks; gives the account of space and the root directory.</summary>
    public (SpaceAccount Space, Inode Root) Run()
    {
        SpaceAccount space = SweepGroups();
        Inode root = core.Inodes.Get(InodeNumber.Root, InodeUse.Special);
        if (!root.IsDirectory || root.Sectors == 0 && root.Inline == null || root.Size == 0)
        {
            throw Ext4Exception.Corrupted(CorruptionReason.RootInode, root.Number.Value, value: root.Mode, limit: (ulong)root.Size);
        }

        ProtectJournal(space);
        core.Zones.Seal();
        space.Seal();
        CheckOrphanFile();
        return (space, root);
    }

    private SpaceAccount SweepGroups()
    {
        var space = new SpaceAccount(_superblock);
        uint groups = Math.Min(_superblock.GroupCount, MaximumSweptGroups);
        for (uint group = 0; group < groups; group++)
        {
            GroupDescriptor descriptor = core.Groups.GetChecked(group);
            uint baseBlocks = core.Groups.BaseMetadataBlocks(group);
            space.AddGroup(group, descriptor, baseBlocks, core.Groups.OverheadBlocks(group));
            if (baseBlocks != 0)
            {
                core.Zones.Add(new FsBlock(_superblock.GroupFirstBlock(group)), baseBlocks, 0);
            }

            core.Zones.Add(descriptor.BlockBitmap, 1, 0);
            core.Zones.Add(descriptor.InodeBitmap, 1, 0);
            core.Zones.Add(descriptor.InodeTable, _superblock.InodeTableBlocks, 0);
        }

        return space;
    }

    private void ProtectJournal(SpaceAccount space)
    {
        if (!_superblock.Has(CompatFeatures.HasJournal) || _superblock.JournalInode == 0)
        {
            return;
        }

        Inode journal = core.Inodes.Get(new InodeNumber(_superblock.JournalInode), InodeUse.Special);
        if (!journal.IsRegular)
        {
            throw Ext4Exception.Corrupted(CorruptionReason.JournalInode, journal.Number.Value, value: journal.Mode);
        }

        var runs = new RunScan(core, journal, 0);
        while (runs.TryNext(out BlockRun run))
        {
            if (run.State != RunState.Hole)
            {
                core.Zones.Add(run.Start, run.Count, journal.Number.Value);
            }
        }

        space.AddJournal((ulong)journal.Size >> _superblock.BlockBits);
    }

    private void CheckOrphanFile()
    {
        if (!_superblock.Has(CompatFeatures.OrphanFile))
        {
            return;
        }

        Inode file = core.Inodes.Get(new InodeNumber(_superblock.OrphanFileInode), InodeUse.Special);
        Require(file.Size <= MaximumOrphanFile, file, (ulong)file.Size, MaximumOrphanFile);
        uint blocks = (uint)(file.Size >> _superblock.BlockBits);
        for (uint i = 0; i < blocks; i++)
        {
            BlockRun run = BlockMap.Lookup(core, file, i);
            Require(run.State == RunState.Mapped, file, i, blocks);
            CheckOrphanBlock(file, core.Blocks.Get(run.Start, file.Number.Value));
        }
    }

    private void CheckOrphanBlock(Inode file, CachedBlock block)
    {
        ReadOnlySpan<byte> tail = block.Bytes[^OrphanTailSize..];
        Require(tail.U32(0) == OrphanMagic, file, tail.U32(0), OrphanMagic);
        if (_superblock.HasMetadataChecksums)
        {
            uint computed = Crc32c.Append(file.ChecksumSeed, block.Number.Value);
            computed = Crc32c.Append(computed, block.Bytes[..^OrphanTailSize]);
            Require(tail.U32(4) == computed, file, tail.U32(4), computed);
        }
    }

    private static void Require(bool condition, Inode file, ulong value, ulong limit)
    {
        if (!condition)
        {
            throw Ext4Exception.Corrupted(CorruptionReason.OrphanFile, file.Number.Value, 0, value, limit);
        }
    }
}
