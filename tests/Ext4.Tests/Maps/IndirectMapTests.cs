using Servers.Ext4;

namespace Ext4.Tests;

public sealed class IndirectMapTests
{
    private const int BlockField = 0x28;

    [Fact]
    public void Pieces_and_holes_alternate() =>
        Assert.Equal(FileMapExpectations.Pieces(), FileMapExpectations.MapOf(SampleImages.Indirect(), "pieces"));

    [Fact]
    public void A_direct_number_outside_the_filesystem_fails_the_inode()
    {
        ImageSurgeon image = SampleImages.Indirect();
        image.Put32(image.InodeOffset("file") + BlockField + 4, 0x7FFF_FFFF);

        Assert.Equal(CorruptionReason.IndirectRange, image.TryFind("file", out _).Reason);
    }

    [Theory]
    [InlineData(12)]
    [InlineData(13)]
    [InlineData(14)]
    public void A_root_outside_the_filesystem_fails_what_is_below_it(int slot)
    {
        ImageSurgeon image = SampleImages.Indirect();
        int offset = image.InodeOffset("pieces");
        image.Put32(offset + 4, 300_000_000);
        image.Put32(offset + BlockField + (slot * 4), 0x7FFF_FFFF);
        Ext4Volume volume = image.Open();
        Inode inode = image.Find("pieces", volume);
        long[] starts = [12, 12 + 256, 12 + 256 + 65536];

        Assert.Equal(Ext4Error.None, volume.Read(inode, 0, new byte[1], out _));
        Assert.Equal(CorruptionReason.IndirectRange, volume.Read(inode, starts[slot - 12] * 1024, new byte[1], out _).Reason);
    }

    [Fact]
    public void Missing_trees_are_holes_of_their_whole_size()
    {
        ImageSurgeon image = SampleImages.Indirect();
        int offset = image.InodeOffset("file");
        image.Put32(offset + 4, 0x3000_0000);
        Ext4Volume volume = image.Open();
        Inode inode = image.Find("file", volume);

        Assert.Equal(Ext4Error.None, volume.MapAt(inode, 8192, out FileExtent hole));
        Assert.Equal((RunState.Hole, 0x3000_0000L), (hole.State, hole.End));
        Assert.Equal(Ext4Error.None, volume.Seek(inode, 0, forData: false, out long end));
        Assert.Equal(5120, end);
    }

    [Fact]
    public void A_map_that_names_itself_ends()
    {
        ImageSurgeon image = SampleImages.Indirect();
        int offset = image.InodeOffset("pieces");
        uint map = image.Get32(offset + BlockField + 48);
        for (int i = 0; i < 256; i++)
        {
            image.Put32((int)(map * 1024) + (i * 4), map);
        }

        image.Put32(offset + BlockField + 56, map);
        image.Put32(offset + 4, 0x4000_0000);
        Ext4Volume volume = image.Open();
        Inode inode = image.Find("pieces", volume);

        Assert.Equal(CorruptionReason.MapTooLarge, volume.Seek(inode, 400_000_000, forData: false, out _).Reason);
    }
}
