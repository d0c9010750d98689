namespace Servers.Ext4;

/// <summary>
/// Steps over the runs of a file up to its end. A map can be crafted to name the same blocks over and over; no file has more runs than
/// the filesystem has blocks to tell them apart, so the scan ends there with an error.
/// </summary>
internal sealed class RunScan(VolumeCore core, Inode inode, uint firstBlock)
{
    // Each run is data, or a hole in front of data, or ends where a block of the map ends.
    private ulong _budget = (3 * core.Superblock.BlocksCount) + 16;
    private ulong _next = firstBlock;
    private readonly ulong _end = (ulong)((inode.Size + core.Superblock.BlockSize - 1) >> core.Superblock.BlockBits);

    /// <summary>The next run, cut at the end of the file; false behind it.</summary>
    public bool TryNext(out BlockRun run)
    {
        if (_next >= _end)
        {
            run = default;
            return false;
        }

        if (_budget == 0)
        {
            throw Ext4Exception.Corrupted(
                CorruptionReason.MapTooLarge, inode.Number.Value, 0, _next, core.Superblock.BlocksCount);
        }

        _budget--;
        run = BlockMap.Lookup(core, inode, (uint)_next);
        run = run with { Count = (uint)Math.Min(run.Count, _end - _next) };
        _next += run.Count;
        return true;
    }
}
