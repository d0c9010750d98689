namespace Servers.Ext4;

/// <summary>
/// Consecutive blocks of a file in one state. <paramref name="Start"/> is the first block on the device (0 for a hole),
/// <paramref name="Count"/> is never 0; the run of a hole may end before the hole does.
/// </summary>
internal readonly record struct BlockRun(uint FileBlock, FsBlock Start, uint Count, RunState State)
{
    public static BlockRun Hole(uint fileBlock, uint count) => new(fileBlock, default, count, RunState.Hole);

    /// <summary>The part of the run from a block inside it on.</summary>
    public BlockRun From(uint fileBlock)
    {
        uint skip = fileBlock - FileBlock;
        return new BlockRun(fileBlock, State == RunState.Hole ? default : Start.Add(skip), Count - skip, State);
    }
}
