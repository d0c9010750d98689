namespace Servers.Ext4;

/// <summary>Contents of files: data goes from the device straight into the caller's buffer.</summary>
internal static class FileReader
{
    /// <summary>Fills the buffer as far as the file reaches and gives the number of bytes.</summary>
    public static int Read(VolumeCore core, Inode inode, long offset, Span<byte> buffer)
    {
        if (offset >= inode.Size)
        {
            return 0;
        }

        int count = (int)Math.Min(buffer.Length, inode.Size - offset);
        if (inode.Inline is { } inline)
        {
            // Whatever i_size claims, there are no more bytes than the inode has room for; the rest is a hole.
            inline.CopyTo((int)Math.Min(offset, inline.Length), buffer[..count]);
            return count;
        }

        int done = 0;
        while (done < count)
        {
            done += ReadRun(core, inode, offset + done, buffer[done..count]);
        }

        return count;
    }

    private static int ReadRun(VolumeCore core, Inode inode, long offset, Span<byte> buffer)
    {
        int bits = core.Superblock.BlockBits;
        BlockRun run = BlockMap.Lookup(core, inode, (uint)(offset >> bits));
        long inside = offset & ((1L << bits) - 1);
        int count = (int)Math.Min(buffer.Length, ((long)run.Count << bits) - inside);
        if (run.State == RunState.Mapped)
        {
            core.Blocks.ReadData(run.Start, inside, buffer[..count], inode.Number.Value);
        }
        else
        {
            buffer[..count].Clear();
        }

        return count;
    }
}
