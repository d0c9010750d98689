using Servers.Ext4;

namespace Ext4.Tests;

public sealed class InodeTests
{
    [Theory]
    [InlineData(0x00, 0x7000, CorruptionReason.InodeMode)]
    [InlineData(0x1A, 0, CorruptionReason.InodeUnused)]
    [InlineData(0x6E, 0xFFFF, CorruptionReason.InodeFileSize)]
    [InlineData(0x68, 1, CorruptionReason.InodeAttributeBlock)]
    [InlineData(0x80, 29, CorruptionReason.InodeExtraSize)]
    [InlineData(0x80, 200, CorruptionReason.InodeExtraSize)]
    [InlineData(0x22, 0x28, CorruptionReason.UnexpectedAttributeInode)]
    [InlineData(0x22, 0x4008, CorruptionReason.InodeFlags)]
    [InlineData(0x22, 0x1008, CorruptionReason.InodeFlags)]
    [InlineData(0x28, 0, CorruptionReason.ExtentMagic)]
    public void A_field_that_lies_fails_the_inode_and_nothing_else(int offset, int value, CorruptionReason reason)
    {
        ImageSurgeon image = SampleImages.Plain();
        image.Put16(image.InodeOffset("file") + offset, value);

        Ext4Error error = image.TryFind("file", out _);

        Assert.Equal((Ext4ErrorKind.Corrupted, reason), (error.Kind, error.Reason));
        Assert.Equal(Ext4Error.None, image.TryFind("dir/one", out _));
    }

    [Fact]
    public void A_wrong_checksum_is_its_own_kind_of_error()
    {
        ImageSurgeon image = SampleImages.Checked();
        int offset = image.InodeOffset("file");
        image.Put32(offset + 8, image.Get32(offset + 8) + 1);

        Ext4Error error = image.TryFind("file", out _);

        Assert.Equal((Ext4ErrorKind.BadChecksum, CorruptionReason.InodeChecksum), (error.Kind, error.Reason));
        Assert.NotEqual(error.Value, error.Limit);
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(1u)]
    [InlineData(8u)]
    [InlineData(1_000_000u)]
    public void A_number_that_no_directory_may_name_is_refused(uint number)
    {
        Ext4Error error = SampleImages.Plain().Open().GetInode(new InodeNumber(number), out _);

        Assert.Equal(CorruptionReason.InodeNumberRange, error.Reason);
    }

    [Fact]
    public void An_inode_that_was_freed_is_stale()
    {
        Ext4Error error = SampleImages.Plain().Open().GetInode(new InodeNumber(1000), out _);

        Assert.Equal(Ext4ErrorKind.Stale, error.Kind);
    }

    [Fact]
    public void Times_reach_before_1970_and_beyond_2038()
    {
        ImageSurgeon image = SampleImages.Plain();
        int offset = image.InodeOffset("file");
        image.Put32(offset + 0x10, 0x8000_0000);
        image.Put32(offset + 0x88, 0);
        image.Put32(offset + 0x0C, 0x8000_0000);
        image.Put32(offset + 0x84, 1 | (999_999_999u << 2));

        Inode inode = image.Find("file");

        Assert.Equal(new Timestamp(int.MinValue, 0), inode.ModificationTime);
        Assert.Equal(new Timestamp((1L << 32) + int.MinValue, 999_999_999), inode.ChangeTime);
        Assert.NotNull(inode.CreationTime);
    }

    [Fact]
    public void Owners_have_32_bits()
    {
        ImageSurgeon image = SampleImages.Plain();
        int offset = image.InodeOffset("file");
        image.Put16(offset + 0x02, 0x5678);
        image.Put16(offset + 0x78, 0x1234);
        image.Put16(offset + 0x18, 0xFFFE);
        image.Put16(offset + 0x7A, 0x0001);

        Inode inode = image.Find("file");

        Assert.Equal((0x1234_5678u, 0x1_FFFEu), (inode.Uid, inode.Gid));
    }

    [Fact]
    public void A_huge_file_counts_blocks_instead_of_sectors()
    {
        ImageSurgeon image = SampleImages.Plain();
        int offset = image.InodeOffset("file");
        image.Put32(offset + 0x1C, 10);
        image.Put32(offset + 0x20, image.Get32(offset + 0x20) | (uint)InodeFlags.HugeFile);

        Assert.Equal(20ul, image.Find("file").Sectors);
    }

    [Theory]
    [InlineData(0x0501u, 0u, 5u, 1u)]
    [InlineData(0u, 0x1234_5678u, 0x456u, 0x1_2378u)]
    public void Device_numbers_have_an_old_and_a_new_form(uint old, uint wide, uint major, uint minor)
    {
        ImageSurgeon image = SampleImages.Plain();
        int offset = image.InodeOffset("console");
        image.Put32(offset + 0x28, old);
        image.Put32(offset + 0x2C, wide);

        Inode inode = image.Find("console");

        Assert.Equal((FileType.CharacterDevice, major, (minor & 0xFF) | (minor >> 8 << 8)),
            (inode.Type, inode.DeviceMajor, inode.DeviceMinor));
    }

    [Theory]
    [InlineData(0x04, 50)]
    [InlineData(0x04, 0)]
    [InlineData(0x22, 0x10)]
    public void A_short_link_whose_length_or_flags_lie_is_refused(int offset, int value)
    {
        ImageSurgeon image = SampleImages.Get("-t ext4 -b 1024 -O ^metadata_csum,^has_journal");
        image.Put16(image.InodeOffset("fast") + (offset == 0x22 ? 0x20 : offset), value);

        Ext4Error error = image.TryFind("fast", out _);

        Assert.Contains(error.Reason, new[] { CorruptionReason.SymlinkLength, CorruptionReason.InodeFlags });
    }

    [Fact]
    public void Links_are_read_from_the_inode_and_from_a_block()
    {
        ImageSurgeon image = SampleImages.Plain();
        Ext4Volume volume = image.Open();
        byte[] buffer = new byte[4096];

        Assert.Equal(Ext4Error.None, volume.Readlink(image.Find("fast"), buffer, out int fast));
        Assert.Equal("file"u8.ToArray(), buffer[..fast]);
        Assert.Equal(Ext4Error.None, volume.Readlink(image.Find("slow"), buffer, out int slow));
        Assert.Equal(100, slow);
        Assert.Equal(Ext4Error.None, volume.Readlink(image.Find("slow"), buffer.AsSpan(0, 7), out int cut));
        Assert.Equal(7, cut);
        Assert.Equal(Ext4ErrorKind.Invalid, volume.Readlink(image.Find("file"), buffer, out _).Kind);
    }

    [Fact]
    public void A_link_without_its_block_is_corrupted()
    {
        ImageSurgeon image = SampleImages.Plain();
        image.Put16(image.InodeOffset("slow") + 0x2A, 0);

        Ext4Error error = image.Open().Readlink(image.Find("slow"), new byte[200], out _);

        Assert.Equal(CorruptionReason.SymlinkLength, error.Reason);
    }

    [Theory]
    [InlineData(10, true, true, (1ul << 32) - 1 << 10)]
    [InlineData(12, true, true, (1ul << 32) - 1 << 12)]
    [InlineData(12, true, false, (1ul << 32) - 1 >> 3 << 12)]
    [InlineData(10, false, true, 17_247_252_480ul)]
    public void The_largest_size_depends_on_map_and_block_count(int bits, bool extents, bool huge, ulong expected)
    {
        string features = huge ? "huge_file" : "^huge_file";
        ImageSurgeon image = SampleImages.Get($"-t ext4 -b {1 << bits} -O ^has_journal,^metadata_csum,{features}");

        Assert.Equal(expected, FileLimits.MaximumSize(image.Open().Superblock, extents));
    }
}
