namespace Servers.Ext4;

/// <summary>One record: a tag, and a value whose length depends on it. Unlike the journal around it, all of it is little-endian.</summary>
internal readonly ref struct FastCommitRecord
{
    public const int HeaderSize = 4;

    private const int AddRangeSize = 16;
    private const int DelRangeSize = 12;
    private const int NameOffset = 8;
    private const int RawInodeOffset = 4;
    private const int TailSize = 8;
    private const int HeadSize = 8;
    private const int MaximumName = 255;

    private FastCommitRecord(FastCommitTag tag, ReadOnlySpan<byte> bytes)
    {
        Tag = tag;
        Bytes = bytes;
    }

    public FastCommitTag Tag { get; }

    /// <summary>The record with its header, as checksums cover it.</summary>
    public ReadOnlySpan<byte> Bytes { get; }

    public ReadOnlySpan<byte> Value => Bytes[HeaderSize..];

    /// <summary>Reads the record at the start of <paramref name="block"/>; false when what stands there is none.</summary>
    public static bool TryRead(ReadOnlySpan<byte> block, int inodeSize, out FastCommitRecord record)
    {
        record = default;
        if (block.Length < HeaderSize)
        {
            return false;
        }

        var tag = (FastCommitTag)block.U16(0);
        int length = block.U16(2);
        if (length > block.Length - HeaderSize || !Fits(tag, length, inodeSize))
        {
            return false;
        }

        record = new FastCommitRecord(tag, block[..(HeaderSize + length)]);
        return true;
    }

    private static bool Fits(FastCommitTag tag, int length, int inodeSize) => tag switch
    {
        FastCommitTag.AddRange => length == AddRangeSize,
        FastCommitTag.DelRange => length == DelRangeSize,
        FastCommitTag.Creat or FastCommitTag.Link or FastCommitTag.Unlink => length is > NameOffset and <= NameOffset + MaximumName,
        FastCommitTag.Inode => length - RawInodeOffset >= InodeOldSize && length - RawInodeOffset <= inodeSize,
        FastCommitTag.Pad => true,
        FastCommitTag.Tail => length >= TailSize,
        FastCommitTag.Head => length == HeadSize,
        _ => false,
    };

    private const int InodeOldSize = 128;
}
