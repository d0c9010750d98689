namespace Servers.Ext4;

/// <summary>A node of an extent tree: a header of 12 bytes, then entries of 12 bytes, which are extents at depth 0 and else children.</summary>
internal readonly ref struct ExtentNode(ReadOnlySpan<byte> bytes)
{
    public const ushort Magic = 0xF30A;
    public const int HeaderSize = 12;
    public const int EntrySize = 12;
    private const int MaximumInitialized = 32768;

    private readonly ReadOnlySpan<byte> _bytes = bytes;

    public ushort StoredMagic => _bytes.U16(0);

    public int Entries => _bytes.U16(2);

    public int Maximum => _bytes.U16(4);

    public int Depth => _bytes.U16(6);

    /// <summary>First block of the file that an entry is about.</summary>
    public uint FileBlock(int index) => _bytes.U32(Entry(index));

    /// <summary>The node below an index entry.</summary>
    public FsBlock Child(int index) => new(((ulong)_bytes.U16(Entry(index) + 8) << 32) | _bytes.U32(Entry(index) + 4));

    /// <summary>The first block of an extent on the device.</summary>
    public FsBlock Start(int index) => new(((ulong)_bytes.U16(Entry(index) + 6) << 32) | _bytes.U32(Entry(index) + 8));

    /// <summary>The length of an extent; one that is marked unwritten has 32768 added.</summary>
    public uint Length(int index) => StoredLength(index) <= MaximumInitialized ? StoredLength(index) : StoredLength(index) - MaximumInitialized;

    public bool IsUnwritten(int index) => StoredLength(index) > MaximumInitialized;

    /// <summary>The last entry that starts at or before a block; the first when none does.</summary>
    public int Search(uint fileBlock)
    {
        int low = 1;
        int high = Entries;
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = FileBlock(middle) <= fileBlock ? (middle + 1, high) : (low, middle);
        }

        return low - 1;
    }

    private uint StoredLength(int index) => _bytes.U16(Entry(index) + 4);

    private static int Entry(int index) => HeaderSize + (index * EntrySize);
}
