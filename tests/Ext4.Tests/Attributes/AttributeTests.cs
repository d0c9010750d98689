using System.Text;
using Servers.Ext4;

namespace Ext4.Tests;

public sealed class AttributeTests
{
    [Fact]
    public void Names_and_values_are_listed_with_their_prefixes()
    {
        ImageSurgeon image = SampleImages.Plain();
        Ext4Volume volume = image.Open();
        Inode file = image.Find("file", volume);

        Assert.Equal(["security.s", "trusted.t", "user.short"], Names(volume, file));
        Assert.Equal("value", Value(volume, file, "user.short"));
        Assert.Equal("secret", Value(volume, file, "trusted.t"));
        Assert.Equal(new string('v', 300), Value(volume, image.Find("dir", volume), "user.long"));
        Assert.Empty(Names(volume, image.Find("tiny", volume)));
    }

    [Fact]
    public void What_cannot_be_given_says_why()
    {
        ImageSurgeon image = SampleImages.Plain();
        Ext4Volume volume = image.Open();
        Inode file = image.Find("file", volume);

        Assert.Equal(Ext4ErrorKind.NoAttribute, volume.Getxattr(file, "user.none"u8, default, out _).Kind);
        Assert.Equal(Ext4ErrorKind.NoAttribute, volume.Getxattr(file, "system.posix_acl_access"u8, default, out _).Kind);
        Assert.Equal(Ext4ErrorKind.NoAttribute, volume.Getxattr(file, "system.posix_acl_default"u8, default, out _).Kind);
        Assert.Equal(Ext4ErrorKind.NotSupported, volume.Getxattr(file, "other.name"u8, default, out _).Kind);
        Assert.Equal(Ext4ErrorKind.NotSupported, volume.Getxattr(file, "user."u8, default, out _).Kind);
        Assert.Equal(Ext4Error.None, volume.Getxattr(file, "user.short"u8, default, out int size));
        Assert.Equal(5, size);
        Assert.Equal(Ext4ErrorKind.BufferTooSmall, volume.Getxattr(file, "user.short"u8, new byte[4], out _).Kind);
        Assert.Equal(Ext4ErrorKind.BufferTooSmall, volume.Listxattr(file, new byte[4], out _).Kind);
    }

    [Theory]
    [InlineData(0, 0xFF, CorruptionReason.AttributeEntry)]
    [InlineData(16, 0, CorruptionReason.AttributeName)]
    [InlineData(3, 0x7F, CorruptionReason.AttributeValueRange)]
    [InlineData(2, 0, CorruptionReason.AttributeValueRange)]
    [InlineData(9, 0x7F, CorruptionReason.AttributeValueRange)]
    [InlineData(11, 0x7F, CorruptionReason.AttributeValueRange)]
    [InlineData(4, 2, CorruptionReason.AttributeValueInode)]
    public void A_list_in_the_inode_that_lies_fails_the_inode(int offset, byte value, CorruptionReason reason)
    {
        ImageSurgeon image = SampleImages.Plain();
        int entries = EntriesInInode(image, "file");
        // The low byte of an offset alone may still be inside: clear both.
        if (offset == 2)
        {
            image.Put(entries + 3, 0);
        }

        image.Put(entries + offset, value);

        Assert.Equal(reason, image.TryFind("file", out _).Reason);
    }

    [Theory]
    [InlineData(2, CorruptionReason.AttributeMagic)]
    [InlineData(8, CorruptionReason.AttributeBlockCount)]
    [InlineData(32 + 16, CorruptionReason.AttributeName)]
    public void A_list_in_a_block_that_lies_fails_only_the_attributes(int offset, CorruptionReason reason)
    {
        ImageSurgeon image = SampleImages.Plain();
        image.Put(AttributeBlock(image, "dir") + offset, 0);
        Ext4Volume volume = image.Open();
        Inode directory = image.Find("dir", volume);

        Assert.Equal(reason, volume.Listxattr(directory, default, out _).Reason);
        Assert.Equal(reason, volume.Getxattr(directory, "user.long"u8, default, out _).Reason);
        Assert.Equal(Ext4Error.None, volume.Lookup(directory, "one"u8, out _));
    }

    [Fact]
    public void A_block_with_a_wrong_checksum_fails_only_the_attributes()
    {
        ImageSurgeon image = SampleImages.Checked();
        image.Put(AttributeBlock(image, "dir") + 20, 0x55);
        Ext4Volume volume = image.Open();

        Assert.Equal(Ext4ErrorKind.BadChecksum, volume.Listxattr(image.Find("dir", volume), default, out _).Kind);
    }

    [Fact]
    public void Values_live_in_inodes_of_their_own()
    {
        ImageSurgeon image = WithValueInode(out uint holder);
        Ext4Volume volume = image.Open();

        Assert.Equal(new string('w', 1024), Value(volume, image.Find("tiny", volume), "user.big"));
        Assert.Equal(
            CorruptionReason.UnexpectedAttributeInode, volume.GetInode(new InodeNumber(holder), out _).Reason);
    }

    [Theory]
    [InlineData(0x04, CorruptionReason.AttributeValueRange)]
    [InlineData(0x08, CorruptionReason.AttributeValueHash)]
    [InlineData(0x22, CorruptionReason.AttributeValueInode)]
    public void An_inode_that_is_not_the_value_is_refused(int offset, CorruptionReason reason)
    {
        ImageSurgeon image = WithValueInode(out uint holder);
        image.Put(image.InodeOffset(holder) + offset, 0x08);
        Ext4Volume volume = image.Open();

        Assert.Equal(reason, volume.Getxattr(image.Find("tiny", volume), "user.big"u8, default, out _).Reason);
    }

    [Fact]
    public void An_acl_is_shown_as_linux_shows_it()
    {
        byte[] disk =
        [
            1, 0, 0, 0,
            1, 0, 6, 0,
            2, 0, 4, 0, 0xE8, 3, 0, 0,
            4, 0, 4, 0,
            0x10, 0, 4, 0,
            0x20, 0, 0, 0,
        ];
        byte[] linux =
        [
            2, 0, 0, 0,
            1, 0, 6, 0, 0xFF, 0xFF, 0xFF, 0xFF,
            2, 0, 4, 0, 0xE8, 3, 0, 0,
            4, 0, 4, 0, 0xFF, 0xFF, 0xFF, 0xFF,
            0x10, 0, 4, 0, 0xFF, 0xFF, 0xFF, 0xFF,
            0x20, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF,
        ];

        Assert.Equal(linux, AccessControlList.ToLinux(disk));
        Assert.Null(AccessControlList.ToLinux(disk.AsSpan(..^1)));
        Assert.Null(AccessControlList.ToLinux(disk.AsSpan(..10)));
        Assert.Null(AccessControlList.ToLinux([2, .. disk[1..]]));
        Assert.Null(AccessControlList.ToLinux([.. disk[..4], 0x40, 0, 0, 0]));
        Assert.Null(AccessControlList.ToLinux([1]));
    }

    [Fact]
    public void An_acl_that_linux_would_not_take_is_invalid()
    {
        ImageSurgeon image = SampleImages.Plain();
        // The namespace of the first attribute, and no name.
        int entries = EntriesInInode(image, "file");
        image.Put(entries + 1, 2);
        Ext4Volume volume = image.Open();
        string name = Names(volume, image.Find("file", volume)).First(n => n.StartsWith("system.", StringComparison.Ordinal));

        Assert.StartsWith("system.posix_acl_access", name, StringComparison.Ordinal);
    }

    [Fact]
    public void Inline_contents_are_read_and_end_at_the_size()
    {
        ImageSurgeon image = SampleImages.Inline();
        Ext4Volume volume = image.Open();
        Inode tiny = image.Find("tiny", volume);
        byte[] buffer = new byte[100];

        Assert.True(tiny.Has(InodeFlags.InlineData));
        Assert.Equal(1ul, tiny.Sectors);
        Assert.Equal(Ext4Error.None, volume.Read(tiny, 5, buffer, out int count));
        Assert.Equal("contents", Encoding.ASCII.GetString(buffer, 0, count));
        Assert.Equal(Ext4Error.None, volume.MapAt(tiny, 2, out FileExtent extent));
        Assert.Equal((11L, RunState.Mapped), (extent.Length, extent.State));
        Assert.Equal(Ext4Error.None, volume.Seek(tiny, 3, forData: true, out long data));
        Assert.Equal(3, data);
        Assert.Equal(Ext4Error.None, volume.Seek(tiny, 3, forData: false, out long hole));
        Assert.Equal(13, hole);
        volume.ReadAhead(tiny, 0, 13);
    }

    [Fact]
    public void Inline_contents_in_two_pieces_join()
    {
        var content = new InlineContent("0123456789"u8.ToArray(), "abcdef"u8.ToArray());
        byte[] buffer = new byte[8];
        content.CopyTo(6, buffer);
        Assert.Equal("6789abcd"u8.ToArray(), buffer);
        content.CopyTo(12, buffer);
        Assert.Equal("cdef\0\0\0\0"u8.ToArray(), buffer);
        content.CopyTo(0, buffer);
        Assert.Equal("01234567"u8.ToArray(), buffer);
    }

    private static ImageSurgeon WithValueInode(out uint holder)
    {
        using TemporaryImage file = TemporaryImage.Make("2M", "-t", "ext4", "-b", "1024", "-O", "^metadata_csum,^has_journal,ea_inode");
        string value = Path.GetTempFileName();
        File.WriteAllText(value, new string('w', 1024));
        Tool.Run("debugfs", "-w", "-R", $"write {value} tiny", file.FilePath);
        Tool.Run("debugfs", "-w", "-R", $"ea_set -f {value} tiny user.big", file.FilePath);
        File.Delete(value);
        var image = new ImageSurgeon(file.Load());
        uint tiny = image.Find("tiny").Number.Value;
        holder = Enumerable.Range((int)tiny + 1, 20).Select(i => (uint)i)
            .First(i => (image.Get32(image.InodeOffset(i) + 0x20) & (uint)InodeFlags.EaInode) != 0);
        return image;
    }

    private static List<string> Names(Ext4Volume volume, Inode inode)
    {
        byte[] buffer = new byte[4096];
        Assert.Equal(Ext4Error.None, volume.Listxattr(inode, buffer, out int length));
        return [.. Encoding.UTF8.GetString(buffer, 0, length).Split('\0', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal)];
    }

    private static string Value(Ext4Volume volume, Inode inode, string name)
    {
        byte[] buffer = new byte[65536];
        Assert.Equal(Ext4Error.None, volume.Getxattr(inode, Encoding.UTF8.GetBytes(name), buffer, out int length));
        return Encoding.UTF8.GetString(buffer, 0, length);
    }

    private static int EntriesInInode(ImageSurgeon image, string path)
    {
        int inode = image.InodeOffset(path);
        return inode + 128 + (int)(image.Get32(inode + 128) & 0xFFFF) + 4;
    }

    private static int AttributeBlock(ImageSurgeon image, string path)
    {
        uint block = image.Get32(image.InodeOffset(path) + 0x68);
        Assert.NotEqual(0u, block);
        return (int)block * 1024;
    }
}
