using Servers.Ext4;

namespace Ext4.Tests;

/// <summary>A filesystem whose first superblock is gone is read from a copy, as with the kernel's sb=.</summary>
public sealed class SuperblockCopyTests
{
    private const long FirstCopy = 8193 * 1024;

    [Fact]
    public void A_copy_of_the_superblock_and_its_descriptors_serve_where_the_first_are_gone()
    {
        ImageSurgeon image = SampleImages.Get("-t ext4 -b 1024 -O metadata_csum,^has_journal", "12M");
        uint file = image.Find("file").Number.Value;
        image.Device.Bytes.AsSpan(1024, 4 * 1024).Clear();

        Assert.Equal(CorruptionReason.NotExt4, image.Refused().Error.Reason);
        Assert.Null(Ext4Volume.Open(image.Device, new VolumeOptions { SuperblockAt = FirstCopy }, out Ext4Volume? volume));
        Assert.Equal(file, image.Find("file", volume).Number.Value);
    }

    [Theory]
    [InlineData(8192 * 1024)]
    [InlineData(1L << 40)]
    public void Where_there_is_no_copy_the_mount_is_refused(long place)
    {
        ImageSurgeon image = SampleImages.Checked();
        MountRefusal? refusal = Ext4Volume.Open(image.Device, new VolumeOptions { SuperblockAt = place }, out _);
        Assert.Equal(CorruptionReason.NotExt4, refusal!.Error.Reason);
    }
}
