namespace Servers.Ext4;

/// <summary>Where the blocks of a file are, whichever of the two kinds of map it has.</summary>
internal static class BlockMap
{
    /// <summary>The run that begins at a block of the file.</summary>
    public static BlockRun Lookup(VolumeCore core, Inode inode, uint fileBlock) =>
        inode.Has(InodeFlags.Extents)
            ? ExtentMap.Lookup(core, inode, fileBlock)
            : IndirectMap.Lookup(core, inode, fileBlock);
}
