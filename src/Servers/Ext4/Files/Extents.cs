namespace Servers.Ext4;

/// <summary>The map of a file in bytes: FIEMAP, SEEK_DATA and SEEK_HOLE, read-ahead.</summary>
internal static class Extents
{
    /// <summary>The longest part from an offset inside the file on that is in one state and, if mapped, in one piece on the device.</summary>
    public static FileExtent At(VolumeCore core, Inode inode, long offset)
    {
        if (inode.Inline is { } inline)
        {
            // There are no more bytes than the inode has room for, whatever i_size claims.
            long end = Math.Min(inline.Length, inode.Size);
            return offset < end
                ? new FileExtent(offset, end - offset, 0, RunState.Mapped)
                : new FileExtent(offset, inode.Size - offset, 0, RunState.Hole);
        }

        int bits = core.Superblock.BlockBits;
        var scan = new RunScan(core, inode, (uint)(offset >> bits));
        scan.TryNext(out BlockRun run);
        ulong blocks = run.Count;
        while (scan.TryNext(out BlockRun next) && next.State == run.State
            && (run.State == RunState.Hole || next.Start.Value == run.Start.Value + blocks))
        {
            blocks += next.Count;
        }

        long inside = offset & ((1L << bits) - 1);
        long length = Math.Min(((long)blocks << bits) - inside, inode.Size - offset);
        long physical = run.State == RunState.Hole ? 0 : ((long)run.Start.Value << bits) + inside;
        return new FileExtent(offset, length, physical, run.State);
    }

    /// <summary>The first offset from here on with data, or without; -1 when there is no more data.</summary>
    public static long Seek(VolumeCore core, Inode inode, long offset, bool forData)
    {
        if (inode.Inline is { } inline)
        {
            bool isData = offset < inline.Length;
            return isData == forData ? offset : forData ? -1 : Math.Min(inline.Length, inode.Size);
        }

        int bits = core.Superblock.BlockBits;
        var scan = new RunScan(core, inode, (uint)(offset >> bits));
        while (scan.TryNext(out BlockRun run))
        {
            // Blocks that were never written read as zeros: a hole to whoever copies the file.
            if (run.State == RunState.Mapped == forData)
            {
                return Math.Max(offset, (long)run.FileBlock << bits);
            }
        }

        return forData ? -1 : inode.Size;
    }

    public static void ReadAhead(VolumeCore core, Inode inode, long offset, long length)
    {
        int bits = core.Superblock.BlockBits;
        long end = Math.Min(inode.Size, offset > long.MaxValue - length ? long.MaxValue : offset + length);
        var scan = new RunScan(core, inode, (uint)(offset >> bits));
        while (scan.TryNext(out BlockRun run) && (long)run.FileBlock << bits < end)
        {
            if (run.State == RunState.Mapped)
            {
                long blocks = (end - ((long)run.FileBlock << bits) + (1L << bits) - 1) >> bits;
                core.Blocks.ReadAhead(run.Start, (uint)Math.Min(run.Count, blocks));
            }
        }
    }
}
