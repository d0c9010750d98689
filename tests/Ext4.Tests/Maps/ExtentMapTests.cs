using Servers.Ext4;

namespace Ext4.Tests;

public sealed class ExtentMapTests
{
    private const int Header = 0x28;
    private const int FirstEntry = Header + 12;

    [Theory]
    [InlineData(Header + 6, 3, CorruptionReason.ExtentIndexRange)]
    [InlineData(Header + 6, 40, CorruptionReason.ExtentDepth)]
    [InlineData(Header + 4, 9, CorruptionReason.ExtentMaximum)]
    [InlineData(Header + 4, 0, CorruptionReason.ExtentMaximum)]
    [InlineData(Header + 2, 5, CorruptionReason.ExtentEntryCount)]
    [InlineData(FirstEntry + 4, 0, CorruptionReason.ExtentRange)]
    [InlineData(FirstEntry + 8, 1, CorruptionReason.ExtentRange)]
    [InlineData(FirstEntry + 6, 7, CorruptionReason.ExtentRange)]
    public void A_root_that_lies_fails_its_inode(int offset, int value, CorruptionReason reason)
    {
        ImageSurgeon image = SampleImages.Plain();
        image.Put16(image.InodeOffset("file") + offset, value);

        Assert.Equal(reason, image.TryFind("file", out _).Reason);
    }

    [Fact]
    public void An_empty_inner_node_fails_its_inode()
    {
        ImageSurgeon image = SampleImages.Plain();
        int offset = image.InodeOffset("file");
        image.Put16(offset + Header + 6, 1);
        image.Put16(offset + Header + 2, 0);

        Assert.Equal(CorruptionReason.ExtentEntryCount, image.TryFind("file", out _).Reason);
    }

    [Fact]
    public void A_tree_deeper_than_five_fails_the_read()
    {
        ImageSurgeon image = SampleImages.Plain();
        int offset = image.InodeOffset("pieces");
        image.Put16(offset + Header + 6, 7);

        Assert.Equal(CorruptionReason.ExtentDepth, Read(image, "pieces", 0).Reason);
    }

    [Theory]
    [InlineData(0, 0, CorruptionReason.ExtentMagic)]
    [InlineData(6, 1, CorruptionReason.ExtentDepth)]
    [InlineData(2, 0, CorruptionReason.ExtentEntryCount)]
    [InlineData(12, 3, CorruptionReason.ExtentOrder)]
    [InlineData(24, 0, CorruptionReason.ExtentOrder)]
    [InlineData(12 + 4, 0, CorruptionReason.ExtentRange)]
    public void A_leaf_that_lies_fails_reads_but_not_the_inode(int offset, int value, CorruptionReason reason)
    {
        ImageSurgeon image = SampleImages.Plain();
        image.Put16(LeafOffset(image, "pieces") + offset, value);

        Ext4Error error = Read(image, "pieces", 0);

        Assert.Equal((Ext4ErrorKind.Corrupted, reason), (error.Kind, error.Reason));
        Assert.NotEqual(0ul, error.Block);
    }

    [Fact]
    public void A_leaf_with_a_wrong_checksum_fails_reads()
    {
        ImageSurgeon image = SampleImages.Checked();
        int leaf = LeafOffset(image, "pieces");
        image.Put32(leaf + 1020, ~image.Get32(leaf + 1020));

        Assert.Equal(Ext4ErrorKind.BadChecksum, Read(image, "pieces", 0).Kind);
    }

    [Fact]
    public void An_extent_over_an_inode_table_is_refused()
    {
        ImageSurgeon image = SampleImages.Plain();
        uint table = (uint)image.Core().Groups.Get(0).InodeTable.Value;
        image.Put32(image.InodeOffset("file") + FirstEntry + 8, table);

        Assert.Equal(CorruptionReason.ExtentRange, image.TryFind("file", out _).Reason);
    }

    [Fact]
    public void Unwritten_blocks_read_as_zeros_and_count_as_a_hole()
    {
        ImageSurgeon image = SampleImages.Plain();
        int length = image.InodeOffset("file") + FirstEntry + 4;
        image.Put16(length, 32768 + (int)(image.Get32(length) & 0xFFFF));
        Ext4Volume volume = image.Open();
        Inode inode = image.Find("file", volume);
        byte[] buffer = [.. Enumerable.Repeat((byte)7, 5000)];

        Assert.Equal(Ext4Error.None, volume.Read(inode, 0, buffer, out int count));
        Assert.Equal(5000, count);
        Assert.All(buffer, b => Assert.Equal(0, b));
        Assert.Equal(Ext4Error.None, volume.MapAt(inode, 0, out FileExtent extent));
        Assert.Equal(RunState.Unwritten, extent.State);
        Assert.Equal(Ext4ErrorKind.NoSuchOffset, volume.Seek(inode, 0, forData: true, out _).Kind);
    }

    [Fact]
    public void Pieces_and_holes_alternate()
    {
        ImageSurgeon image = SampleImages.Plain();

        Assert.Equal(FileMapExpectations.Pieces(), FileMapExpectations.MapOf(image, "pieces"));
    }

    private static Ext4Error Read(ImageSurgeon image, string path, long offset)
    {
        Ext4Volume volume = image.Open();
        return volume.Read(image.Find(path, volume), offset, new byte[10], out _);
    }

    // The file has more extents than fit the inode: its root has one child, whose number is the first entry's.
    private static int LeafOffset(ImageSurgeon image, string path)
    {
        int root = image.InodeOffset(path) + Header;
        Assert.Equal(1u, image.Get32(root + 4) >> 16);
        return (int)image.Get32(root + 12 + 4) * 1024;
    }
}
