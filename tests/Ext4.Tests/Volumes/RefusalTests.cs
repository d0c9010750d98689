using System.Text;
using Servers.Ext4;

namespace Ext4.Tests;

/// <summary>What is not mounted, and what is said about it.</summary>
public sealed class RefusalTests
{
    [Theory]
    [InlineData(0, "LUKS\u00ba\u00be", "LUKS")]
    [InlineData(512, "LABELONE", "LVM")]
    [InlineData(0x10040, "_BHRfS_M", "btrfs")]
    [InlineData(0, "XFSB", "xfs")]
    [InlineData(3, "EXFAT   ", "exfat")]
    [InlineData(3, "NTFS    ", "ntfs")]
    [InlineData(0x52, "FAT32   ", "vfat")]
    [InlineData(0x36, "FAT16   ", "vfat")]
    [InlineData(0x8001, "CD001", "iso9660")]
    [InlineData(0, "hsqs", "squashfs")]
    [InlineData(0x400, "\u00e2\u00e1\u00f5\u00e0", "erofs")]
    [InlineData(4086, "SWAPSPACE2", "swap")]
    [InlineData(0, "PK\u0003\u0004", "zip")]
    [InlineData(512, "EFI PART", "GPT")]
    [InlineData(510, "\u0055\u00aa", "partition table")]
    public void Names_what_it_found_instead(int offset, string magic, string expected)
    {
        byte[] bytes = new byte[0x20000];
        Encoding.Latin1.GetBytes(magic).CopyTo(bytes, offset);

        MountRefusal refusal = new ImageSurgeon(new MemoryDevice(bytes)).Refused();

        Assert.Equal(CorruptionReason.NotExt4, refusal.Error.Reason);
        Assert.Contains(expected, refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, "an empty device")]
    [InlineData(1000, "only zeros")]
    [InlineData(100_000, "only zeros")]
    public void Says_that_there_is_nothing(int size, string expected) =>
        Assert.Contains(expected, new ImageSurgeon(new MemoryDevice(new byte[size])).Refused().Message, StringComparison.Ordinal);

    [Fact]
    public void Says_no_more_than_it_knows()
    {
        byte[] bytes = [.. Enumerable.Repeat((byte)0x77, 100_000)];

        Assert.Equal("no ext2, ext3 or ext4 filesystem", new ImageSurgeon(new MemoryDevice(bytes)).Refused().Message);
    }

    [Theory]
    [InlineData(0x1_0000_0000 >> 2, "FEATURE_I30")]
    [InlineData(0x1, "compression")]
    [InlineData(0x1000, "dirdata")]
    public void Names_the_features_it_does_not_know(uint feature, string expected)
    {
        ImageSurgeon image = SampleImages.Plain();
        image.Put32(1024 + 0x60, image.Get32(1024 + 0x60) | feature);

        Assert.Equal("unsupported feature: " + expected, image.Refused().Message);
    }

    [Theory]
    [InlineData(0x02u, "filetype")]
    [InlineData(0x1_0000u, "encrypt")]
    [InlineData(0x3F2DEu, "filetype, needs_recovery, journal_dev, meta_bg, extent, 64bit, flex_bg, dirdata, metadata_csum_seed, large_dir, inline_data, encrypt, casefold")]
    public void Features_have_the_names_of_e2fsprogs(uint features, string expected) =>
        Assert.Equal(expected, FeatureNames.Describe(features));

    [Fact]
    public void Numbers_at_their_limits_do_not_overflow()
    {
        ImageSurgeon image = SampleImages.Get("-t ext4 -b 1024 -O meta_bg,^resize_inode,^has_journal,^metadata_csum,64bit");
        image.Put32(1024 + 0x08, uint.MaxValue);
        image.Put32(1024 + 0x154, uint.MaxValue);
        Assert.Equal(0ul, image.Open().Statfs(minix: false).AvailableBlocks);

        image.Put32(1024 + 0x104, uint.MaxValue);
        Assert.Equal(CorruptionReason.FirstMetaBlockGroup, image.Refused().Error.Reason);
    }

    [Fact]
    public void A_table_far_outside_is_found_out_before_the_journal_is_read_through_it()
    {
        ImageSurgeon image = SampleImages.Get("-t ext4 -b 1024 -O ^metadata_csum,64bit -J size=1");
        image.Put32(1024 + 0x60, image.Get32(1024 + 0x60) | (uint)IncompatFeatures.Recover);
        image.Put32(2048 + 0x08, uint.MaxValue);
        image.Put32(2048 + 0x28, uint.MaxValue);

        Assert.Equal(CorruptionReason.GroupInodeTableLocation, image.Refused().Error.Reason);
    }

    [Fact]
    public void A_block_larger_than_the_device_is_refused()
    {
        ImageSurgeon image = SampleImages.Plain();
        image.Put32(1024 + 0x18, 6);
        var cut = new ImageSurgeon(new MemoryDevice(image.Device.Bytes[..4096]));

        Assert.False(cut.Refused().Error.IsNone);
    }

    [Fact]
    public void A_journal_is_no_filesystem()
    {
        ImageSurgeon image = SampleImages.Plain();
        image.Put32(1024 + 0x60, 8);

        Assert.Equal("an external journal, not a filesystem", image.Refused().Message);
    }

    [Fact]
    public void A_superblock_with_a_wrong_checksum_is_refused()
    {
        ImageSurgeon image = SampleImages.Checked();
        image.Put(1024 + 0x78, (byte)'!');

        Assert.Equal((Ext4ErrorKind.BadChecksum, CorruptionReason.SuperblockChecksum), (image.Refused().Error.Kind, image.Refused().Error.Reason));
    }

    [Fact]
    public void A_checksum_type_nobody_knows_is_refused()
    {
        ImageSurgeon image = SampleImages.Checked();
        image.Put(1024 + 0x175, 2);

        Assert.Equal(CorruptionReason.UnknownChecksumType, image.Refused().Error.Reason);
    }

    [Theory]
    [InlineData(0, CorruptionReason.GroupBitmapLocation)]
    [InlineData(4, CorruptionReason.GroupBitmapLocation)]
    [InlineData(8, CorruptionReason.GroupInodeTableLocation)]
    public void A_group_whose_structures_lie_elsewhere_is_refused(int offset, CorruptionReason reason)
    {
        ImageSurgeon image = SampleImages.Plain();
        image.Put32(2048 + offset, 0x7FFF_FFFF);

        Assert.Equal(reason, image.Refused().Error.Reason);
    }

    [Fact]
    public void Structures_on_top_of_each_other_are_refused()
    {
        ImageSurgeon image = SampleImages.Plain();
        image.Put32(2048 + 4, image.Get32(2048));

        Assert.Equal(CorruptionReason.SystemZone, image.Refused().Error.Reason);
    }

    [Fact]
    public void A_wrong_group_checksum_is_reported_and_does_no_harm()
    {
        ImageSurgeon image = SampleImages.Checked();
        image.Put(2048 + 0x1E, 0x12, 0x34);

        image.Open();

        Assert.Contains(image.Faults, fault => fault.Reason == CorruptionReason.GroupChecksum);
    }

    [Theory]
    [InlineData(0x00, 0x8180)]
    [InlineData(0x04, 0)]
    public void A_root_that_is_no_directory_is_refused(int offset, int value)
    {
        ImageSurgeon image = SampleImages.Plain();
        image.Put32(image.InodeOffset(2) + offset, (uint)value);

        Assert.Equal(CorruptionReason.RootInode, image.Refused().Error.Reason);
    }

    [Fact]
    public void A_root_that_was_deleted_is_refused()
    {
        ImageSurgeon image = SampleImages.Plain();
        image.Put16(image.InodeOffset(2) + 0x1A, 0);

        Assert.Equal(CorruptionReason.InodeUnused, image.Refused().Error.Reason);
    }

    [Fact]
    public void A_journal_that_is_no_file_is_refused()
    {
        ImageSurgeon image = SampleImages.Get("-t ext4 -b 1024 -O ^metadata_csum -J size=1");
        image.Put16(image.InodeOffset(8), 0x4180);

        Assert.Equal(CorruptionReason.JournalInode, image.Refused().Error.Reason);
    }

    [Theory]
    [InlineData(1016)]
    [InlineData(1020)]
    [InlineData(0)]
    public void An_orphan_file_that_lies_is_refused(int offset)
    {
        ImageSurgeon image = SampleImages.Get("-t ext4 -b 1024 -O orphan_file,metadata_csum -J size=1");
        VolumeCore core = image.Core();
        Inode file = core.Inodes.Get(new InodeNumber(core.Superblock.OrphanFileInode), InodeUse.Special);
        int block = (int)BlockMap.Lookup(core, file, 0).Start.Value * 1024;
        image.Put(block + offset, 0x99);

        Assert.Equal(CorruptionReason.OrphanFile, image.Refused().Error.Reason);
    }

    [Fact]
    public void Errors_name_reason_inode_block_and_numbers()
    {
        var error = new Ext4Error(Ext4ErrorKind.Corrupted, CorruptionReason.ExtentMagic, 12, 34, 56, 78);

        Assert.Equal("Corrupted: ExtentMagic inode 12 block 34 (found 56, against 78)", error.ToString());
        Assert.Equal("NotFound", ((Ext4Error)Ext4ErrorKind.NotFound).ToString());
        Assert.True(error.IsDiskFault);
        Assert.False(((Ext4Error)Ext4ErrorKind.NotFound).IsDiskFault);
    }
}
