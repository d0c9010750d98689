namespace Servers.Ext4;

/// <summary>How large a file can be: by its kind of map, by i_blocks, and by what a signed 64-bit offset can say.</summary>
internal static class FileLimits
{
    private const ulong SectorLimit = (1ul << 32) - 1;
    private const ulong HugeBlockLimit = (1ul << 48) - 1;
    private const int DirectBlocks = 12;

    public static ulong MaximumSize(Superblock superblock, bool extents)
    {
        int bits = superblock.BlockBits;
        bool huge = superblock.Has(ReadOnlyCompatFeatures.HugeFile);
        ulong blocks = extents
            ? Math.Min(uint.MaxValue, huge ? ulong.MaxValue : SectorLimit >> (bits - 9))
            : IndirectBlocks(1ul << (bits - 2), huge ? HugeBlockLimit : SectorLimit >> (bits - 9));
        // Blocks of a file have numbers of 32 bits, also where an indirect map of large blocks could name more.
        return Math.Min(blocks, uint.MaxValue) << bits;
    }

    // Data blocks that a map of three levels can name while data and map together stay within the limit of i_blocks.
    private static ulong IndirectBlocks(ulong perBlock, ulong limit)
    {
        ulong data = DirectBlocks + perBlock + (perBlock * perBlock) + (perBlock * perBlock * perBlock);
        ulong map = 3 + (2 * perBlock) + (perBlock * perBlock);
        if (data + map <= limit)
        {
            return data;
        }

        ulong rest = limit - DirectBlocks - perBlock;
        ulong used = 2 + DivideUp(Math.Min(rest, perBlock * perBlock), perBlock);
        if (rest > perBlock * perBlock)
        {
            rest -= perBlock * perBlock;
            used += 1 + DivideUp(rest, perBlock) + DivideUp(rest, perBlock * perBlock);
        }

        return limit - used;
    }

    private static ulong DivideUp(ulong value, ulong by) => (value + by - 1) / by;
}
