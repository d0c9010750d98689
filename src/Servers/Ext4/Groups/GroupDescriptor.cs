namespace Servers.Ext4;

/// <summary>What a block group says about itself. Decoding checks nothing; <see cref="GroupTable"/> does.</summary>
public readonly record struct GroupDescriptor(
    FsBlock BlockBitmap, FsBlock InodeBitmap, FsBlock InodeTable, uint FreeClusters, uint FreeInodes, uint Directories,
    uint UnusedInodes, GroupFlags Flags, ushort Checksum)
{
    private const int WideSize = 64;

    internal static GroupDescriptor Decode(ReadOnlySpan<byte> gd, Superblock superblock)
    {
        bool wide = superblock.Has(IncompatFeatures.Bits64) && gd.Length >= WideSize;
        return new GroupDescriptor(
            new FsBlock(Block(gd, 0x00, 0x20, wide)),
            new FsBlock(Block(gd, 0x04, 0x24, wide)),
            new FsBlock(Block(gd, 0x08, 0x28, wide)),
            Count(gd, 0x0C, 0x2C, wide),
            Count(gd, 0x0E, 0x2E, wide),
            Count(gd, 0x10, 0x30, wide),
            Count(gd, 0x1C, 0x32, wide),
            (GroupFlags)gd.U16(0x12),
            gd.U16(0x1E));
    }

    private static ulong Block(ReadOnlySpan<byte> gd, int low, int high, bool wide) =>
        wide ? ((ulong)gd.U32(high) << 32) | gd.U32(low) : gd.U32(low);

    private static uint Count(ReadOnlySpan<byte> gd, int low, int high, bool wide) =>
        wide ? ((uint)gd.U16(high) << 16) | gd.U16(low) : gd.U16(low);
}
