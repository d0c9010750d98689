using Servers.Ext4;

namespace Ext4.Tests;

public sealed class SuperblockTests
{
    [Fact]
    public void Decodes_what_mke2fs_wrote()
    {
        using TemporaryImage image = TemporaryImage.Make(
            "32M", "-t", "ext4", "-b", "1024", "-I", "256", "-N", "8192", "-L", "a label", "-U", "6b33f586-a183-4383-921d-30da3fef2e5c");

        Superblock sb = Decode(image.Load());

        Assert.Equal(32768ul, sb.BlocksCount);
        Assert.Equal(1024, sb.BlockSize);
        Assert.Equal(8192u, sb.InodesCount);
        Assert.Equal(256, sb.InodeSize);
        Assert.Equal(4u, sb.GroupCount);
        Assert.Equal(new Guid("6b33f586-a183-4383-921d-30da3fef2e5c"), sb.Uuid);
        Assert.Equal("a label"u8.ToArray(), sb.VolumeName);
        Assert.True(sb.HasMetadataChecksums);
        Assert.True(sb.Has(IncompatFeatures.Extents));
        Assert.True(sb.GroupHasSuperblock(3));
        Assert.False(sb.GroupHasSuperblock(2));
    }

    [Theory]
    [InlineData(0x18, 7, CorruptionReason.BlockSize)]
    [InlineData(0x20, 0, CorruptionReason.BlocksPerGroup)]
    [InlineData(0x28, 0, CorruptionReason.InodesPerGroup)]
    [InlineData(0x14, 0, CorruptionReason.FirstDataBlock)]
    [InlineData(0x14, 0x7FFFFFFF, CorruptionReason.FirstDataBlock)]
    [InlineData(0x04, 0x7FFFFFFF, CorruptionReason.BlockCountBeyondDevice)]
    [InlineData(0x58, 200, CorruptionReason.InodeSize)]
    [InlineData(0x54, 3, CorruptionReason.FirstInode)]
    [InlineData(0x60, 0x40000000, CorruptionReason.UnknownFeature)]
    [InlineData(0x60, 8, CorruptionReason.JournalDevice)]
    public void Names_the_field_that_lies(int offset, int value, CorruptionReason reason)
    {
        using TemporaryImage image = TemporaryImage.Make("8M", "-t", "ext4", "-b", "1024", "-O", "^metadata_csum");
        MemoryDevice device = image.Load();
        BitConverter.TryWriteBytes(device.Bytes.AsSpan(Superblock.Offset + offset), value);

        Ext4Exception thrown = Assert.Throws<Ext4Exception>(() => Decode(device));

        Assert.Equal(reason, thrown.Error.Reason);
    }

    private static Superblock Decode(MemoryDevice device) =>
        Superblock.Decode(device.Bytes.AsSpan(Superblock.Offset, Superblock.Size), device.Length);
}
