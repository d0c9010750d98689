namespace Servers.Ext4;

/// <summary>A journal kept in a file of the filesystem, found through the file's own map as it was before recovery.</summary>
internal sealed class JournalFile : JournalStore
{
    private readonly VolumeCore _core;
    private readonly Inode _inode;
    private readonly Lock _runLock = new();

    // The last run found, guarded by _runLock: a journal is read in long stretches of it.
    private BlockRun _run;

    private JournalFile(VolumeCore core, Inode inode)
    {
        _core = core;
        _inode = inode;
    }

    public override int BlockSize => _core.Superblock.BlockSize;

    public override ulong Length => (ulong)_inode.Size >> _core.Superblock.BlockBits;

    /// <exception cref="Ext4Exception">The inode that the superblock names is no journal.</exception>
    public static JournalFile Open(VolumeCore core)
    {
        Inode inode = core.Inodes.Get(new InodeNumber(core.Superblock.JournalInode), InodeUse.Special);
        return inode.IsRegular
            ? new JournalFile(core, inode)
            : throw Ext4Exception.Corrupted(CorruptionReason.JournalInode, inode.Number.Value, value: inode.Mode);
    }

    public override void Read(uint block, Span<byte> buffer)
    {
        BlockRun run = Find(block);
        if (block >= Length || run.State != RunState.Mapped)
        {
            throw Ext4Exception.Corrupted(CorruptionReason.JournalBlockUnmapped, _inode.Number.Value, value: block, limit: Length);
        }

        _core.Blocks.ReadData(run.Start, 0, buffer, _inode.Number.Value);
    }

    private BlockRun Find(uint block)
    {
        lock (_runLock)
        {
            if (block < _run.FileBlock || block - _run.FileBlock >= _run.Count)
            {
                _run = BlockMap.Lookup(_core, _inode, block);
            }

            return _run.From(block);
        }
    }
}
