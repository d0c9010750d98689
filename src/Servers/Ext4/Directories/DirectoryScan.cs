namespace Servers.Ext4;

/// <summary>
/// Steps over the blocks of a directory that exist. Holes are passed in one step, and no more blocks come out than the filesystem has,
/// so that a map which names the same blocks again and again has an end.
/// </summary>
internal sealed class DirectoryScan(VolumeCore core, Inode directory, uint firstBlock, uint endBlock = uint.MaxValue)
{
    private readonly uint _count = Math.Min(endBlock, DirectoryBlocks.Count(core, directory));
    private ulong _budget = core.Superblock.BlocksCount;

    /// <summary>The block that <see cref="TryNext"/> will look at.</summary>
    public uint Next { get; private set; } = firstBlock;

    /// <summary>Whether holes were passed by the last step.</summary>
    public bool PassedHole { get; private set; }

    /// <summary>Gives the next block that is there, and where it is. What is wrong with the map is thrown after the step over it.</summary>
    public bool TryNext(out uint fileBlock, out FsBlock place)
    {
        PassedHole = false;
        while (Next < _count)
        {
            fileBlock = Next;
            Next = fileBlock + 1;
            BlockRun run = BlockMap.Lookup(core, directory, fileBlock);
            if (run.State == RunState.Mapped)
            {
                Charge();
                place = run.Start;
                return true;
            }

            PassedHole = true;
            Next = fileBlock + Math.Min(run.Count, _count - fileBlock);
        }

        (fileBlock, place) = (0, default);
        return false;
    }

    private void Charge()
    {
        if (_budget == 0)
        {
            Next = _count;
            throw Ext4Exception.Corrupted(
                CorruptionReason.DirectoryTooLarge, directory.Number.Value, 0, _count, core.Superblock.BlocksCount);
        }

        _budget--;
    }
}
