using Servers.Ext4;

namespace Ext4.Tests;

public sealed class MultiMountTests
{
    private const string Arguments = "-t ext4 -b 1024 -O ^has_journal,metadata_csum";

    [Fact]
    public void A_filesystem_without_the_feature_has_no_state()
    {
        Assert.Equal(Ext4ErrorKind.NotSupported, SampleImages.Get(Arguments).Open().GetMultiMountState(out _).Kind);
    }

    [Fact]
    public void A_filesystem_that_nobody_has_mounted_is_not_active()
    {
        Assert.Equal(Ext4Error.None, Protected().Open().GetMultiMountState(out MultiMountState state));

        Assert.False(state.IsActive);
        Assert.False(state.IsBeingChecked);
    }

    [Fact]
    public void A_counting_sequence_means_that_somebody_has_it()
    {
        ImageSurgeon image = Protected();
        image.Put32(1024 + 0x64, image.Get32(1024 + 0x64) & ~(uint)ReadOnlyCompatFeatures.MetadataCsum);
        int block = Block(image);
        image.Put32(block + 4, 7);
        image.Put(block + 16, (byte)'h', (byte)'o', (byte)'s', (byte)'t', 0);

        Assert.Equal(Ext4Error.None, image.Open().GetMultiMountState(out MultiMountState state));
        Assert.True(state.IsActive);
        Assert.Equal("host"u8.ToArray(), state.Node);
    }

    [Theory]
    [InlineData(0, Ext4ErrorKind.Corrupted)]
    [InlineData(16, Ext4ErrorKind.BadChecksum)]
    public void A_block_that_lies_is_reported_and_keeps_nothing_from_being_read(int offset, Ext4ErrorKind kind)
    {
        ImageSurgeon image = Protected();
        image.Put(Block(image) + offset, 0x77);

        Ext4Error error = image.Open().GetMultiMountState(out _);

        Assert.Equal((kind, CorruptionReason.MultiMountBlock), (error.Kind, error.Reason));
    }

    private static int Block(ImageSurgeon image) => (int)image.Open().Superblock.MultiMountBlock * 1024;

    private static ImageSurgeon Protected()
    {
        using TemporaryImage file = TemporaryImage.Make("4M", Arguments.Split(' '));
        Tool.Run("tune2fs", "-O", "mmp", file.FilePath);
        return new ImageSurgeon(file.Load());
    }
}
