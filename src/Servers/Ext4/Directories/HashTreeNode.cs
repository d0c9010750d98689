namespace Servers.Ext4;

/// <summary>
/// The index part of a directory block: entries of a hash and a block number each. The hash of the first entry is not stored; a limit and
/// a count stand in its place.
/// </summary>
internal readonly ref struct HashTreeNode(ReadOnlySpan<byte> block, int offset)
{
    public const int EntrySize = 8;
    private const int InnerOffset = 8;
    private const int RootInfoOffset = 24;
    private const int RootInfoSize = 8;
    private const uint BlockMask = 0x0FFF_FFFF;

    private readonly ReadOnlySpan<byte> _entries = block[offset..];

    public int Limit => _entries.U16(0);

    public int Count => _entries.U16(2);

    /// <summary>An inner node begins with one empty record that covers the block.</summary>
    public static HashTreeNode Inner(ReadOnlySpan<byte> block) => new(block, InnerOffset);

    /// <summary>Where the entries of a block begin, 0 if it is neither root nor inner node.</summary>
    public static int EntriesOffset(ReadOnlySpan<byte> block)
    {
        int first = new DirectoryRecord(block, 0).Length;
        if (first == block.Length)
        {
            return InnerOffset;
        }

        bool root = first == 12 && new DirectoryRecord(block, 12).Length == block.Length - 12
            && block.U32(RootInfoOffset) == 0 && block[RootInfoOffset + 5] == RootInfoSize;
        return root ? RootInfoOffset + RootInfoSize : 0;
    }

    public uint Hash(int index) => index == 0 ? 0 : _entries.U32(index * EntrySize);

    public uint Block(int index) => _entries.U32((index * EntrySize) + sizeof(uint)) & BlockMask;

    /// <summary>The last entry whose hash is not above the one looked for.</summary>
    public int Search(uint hash)
    {
        int low = 1;
        int high = Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = Hash(middle) <= hash ? (middle + 1, high) : (low, middle);
        }

        return low - 1;
    }
}
