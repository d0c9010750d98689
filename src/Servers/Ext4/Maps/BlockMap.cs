namespace Servers.Ext4;

/// <summary>Where the blocks of a file are, whichever of the two kinds of map it has.</summary>
internal static class BlockMap
{
    /// <summary>The run that begins at a block of the file.</summary>
    public static BlockRun Lookup(VolumeCore core, Inode inode, uint fileBlock)
    {
        if (core.Changes?.FindRanges(inode.Number) is not { } changes)
        {
            return LookupStored(core, inode, fileBlock);
        }

        if (!changes.TryFind(fileBlock, out BlockRun run, out uint next))
        {
            run = LookupStored(core, inode, fileBlock);
            return run with { Count = Math.Min(run.Count, next - fileBlock) };
        }

        bool valid = run.State == RunState.Hole || core.Zones.IsValid(run.Start, run.Count, inode.Number.Value);
        return valid ? run : throw Ext4Exception.Corrupted(CorruptionReason.ExtentRange, inode.Number.Value, run.Start.Value, fileBlock, run.Count);
    }

    private static BlockRun LookupStored(VolumeCore core, Inode inode, uint fileBlock) =>
        inode.Has(InodeFlags.Extents)
            ? ExtentMap.Lookup(core, inode, fileBlock)
            : IndirectMap.Lookup(core, inode, fileBlock);
}
