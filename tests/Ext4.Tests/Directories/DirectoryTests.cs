using System.Text;
using Servers.Ext4;

namespace Ext4.Tests;

public sealed class DirectoryTests
{
    private const int FirstRecord = 24;

    [Theory]
    [InlineData(4, 4, CorruptionReason.DirectoryRecordLength)]
    [InlineData(4, 30, CorruptionReason.DirectoryRecordAlignment)]
    [InlineData(4, 12, CorruptionReason.DirectoryNameLength)]
    [InlineData(4, 4000, CorruptionReason.DirectoryRecordCrossesBlock)]
    [InlineData(4, 996, CorruptionReason.DirectoryRecordCrossesBlock)]
    [InlineData(2, 0x7FFF, CorruptionReason.DirectoryInodeRange)]
    public void A_record_that_lies_ends_its_block_and_is_reported(int offset, int value, CorruptionReason reason)
    {
        ImageSurgeon image = SampleImages.Plain();
        image.Put16(image.BlockOffset("small", 0) + FirstRecord + offset, value);
        Ext4Volume volume = image.Open();

        (List<string> names, Ext4Error error) = ImageSurgeon.List(volume, image.Find("small", volume));

        Assert.Equal([".", ".."], names);
        Assert.Equal(Ext4Error.None, error);
        Assert.Contains(image.Faults, fault => fault.Reason == reason);
    }

    [Fact]
    public void A_name_that_no_file_can_have_is_passed_over()
    {
        ImageSurgeon image = SampleImages.Plain();
        image.Put(image.BlockOffset("small", 0) + FirstRecord + 8, (byte)'a', (byte)'/');
        Ext4Volume volume = image.Open();

        (List<string> names, Ext4Error error) = ImageSurgeon.List(volume, image.Find("small", volume));

        Assert.Equal(11, names.Count);
        Assert.Equal((Ext4ErrorKind.Io, CorruptionReason.DirectoryName), (error.Kind, error.Reason));
    }

    [Fact]
    public void A_dot_that_fills_its_block_is_no_directory_entry()
    {
        ImageSurgeon image = SampleImages.Plain();
        image.Put16(image.BlockOffset("small", 0) + 4, 1024);
        Ext4Volume volume = image.Open();

        Assert.Empty(ImageSurgeon.List(volume, image.Find("small", volume)).Names);
        Assert.Contains(image.Faults, fault => fault.Reason == CorruptionReason.DirectoryDotEntries);
    }

    [Fact]
    public void A_record_of_no_length_ends_the_search()
    {
        ImageSurgeon image = SampleImages.Plain();
        image.Put16(image.BlockOffset("small", 0) + FirstRecord + 4, 0);

        Assert.Equal(Ext4ErrorKind.NotFound, image.TryFind("small/nothing", out _).Kind);
    }

    [Theory]
    [InlineData(8u)]
    [InlineData(900u)]
    public void An_entry_for_an_inode_that_cannot_be_is_corruption(uint number)
    {
        ImageSurgeon image = SampleImages.Plain();
        image.Put32(image.BlockOffset("small", 0) + FirstRecord, number);
        Ext4Volume volume = image.Open();
        Inode directory = image.Find("small", volume);
        string name = ImageSurgeon.List(volume, directory).Names[2];

        Assert.Equal(Ext4ErrorKind.Corrupted, volume.Lookup(directory, Encoding.UTF8.GetBytes(name), out _).Kind);
    }

    [Fact]
    public void A_directory_in_itself_is_corruption()
    {
        ImageSurgeon image = SampleImages.Plain();
        uint self = image.Find("small").Number.Value;
        image.Put32(image.BlockOffset("small", 0) + FirstRecord, self);
        Ext4Volume volume = image.Open();
        Inode directory = image.Find("small", volume);
        string name = ImageSurgeon.List(volume, directory).Names[2];

        Assert.Equal(
            CorruptionReason.DirectorySelfReference, volume.Lookup(directory, Encoding.UTF8.GetBytes(name), out _).Reason);
    }

    [Fact]
    public void Types_are_shown_only_where_directories_store_them()
    {
        ImageSurgeon image = SampleImages.Plain();
        Assert.Contains(FileType.CharacterDevice, Types(image));
        Assert.Contains(FileType.Fifo, Types(image));
        image.Put32(1024 + 0x60, image.Get32(1024 + 0x60) & ~(uint)IncompatFeatures.FileType);

        Assert.All(Types(image), type => Assert.Equal(FileType.Unknown, type));
    }

    [Fact]
    public void Lookups_that_cannot_succeed_say_why()
    {
        ImageSurgeon image = SampleImages.Plain();
        Ext4Volume volume = image.Open();
        Inode root = image.Find("/", volume);

        Assert.Equal(Ext4ErrorKind.NameTooLong, volume.Lookup(root, new byte[256], out _).Kind);
        Assert.Equal(Ext4ErrorKind.NotFound, volume.Lookup(root, "none"u8, out _).Kind);
        Assert.Equal(Ext4ErrorKind.NotDirectory, volume.Lookup(image.Find("file", volume), "x"u8, out _).Kind);
        Assert.Equal(Ext4ErrorKind.NotDirectory, volume.OpenDirectory(image.Find("file", volume), 0, out _).Kind);
        Assert.Equal(Ext4Error.None, volume.Lookup(image.Find("dir", volume), ".."u8, out Inode? parent));
        Assert.Equal(InodeNumber.Root, parent!.Number);
    }

    [Fact]
    public void An_inline_directory_reads_like_any_other()
    {
        ImageSurgeon image = SampleImages.Inline();
        Ext4Volume volume = image.Open();
        Inode directory = image.Find("dir", volume);

        Assert.True(directory.Has(InodeFlags.InlineData));
        Assert.Equal([".", "..", "one", "two"], ImageSurgeon.List(volume, directory).Names.Order(StringComparer.Ordinal));
        Assert.Equal(Ext4Error.None, volume.Lookup(directory, "one"u8, out _));
        Assert.Equal(Ext4Error.None, volume.Lookup(directory, "."u8, out Inode? self));
        Assert.Equal(directory.Number, self!.Number);
        Assert.Equal(Ext4Error.None, volume.Lookup(directory, ".."u8, out Inode? parent));
        Assert.Equal(InodeNumber.Root, parent!.Number);
        Assert.Equal(Ext4ErrorKind.NotFound, volume.Lookup(directory, "three"u8, out _).Kind);
        Assert.Equal(["two"], ImageSurgeon.List(volume, directory, PositionBehind(volume, directory, "one")).Names);
    }

    [Fact]
    public void A_hole_in_an_unindexed_directory_is_passed_over()
    {
        ImageSurgeon image = SampleImages.Plain();
        int inode = image.InodeOffset("small");
        image.Put32(inode + 4, image.Get32(inode + 4) + (1024 * 1024));
        image.Put32(inode + 0x20, image.Get32(inode + 0x20) & ~(uint)InodeFlags.Index);
        Ext4Volume volume = image.Open();

        (List<string> names, Ext4Error error) = ImageSurgeon.List(volume, image.Find("small", volume));

        Assert.Equal(Ext4Error.None, error);
        Assert.Equal(12, names.Count);
    }

    [Theory]
    [InlineData("Straße", "STRAßE", true)]
    [InlineData("ΣΊΣΥΦΟΣ", "Σίσυφος", true)]
    [InlineData("abc", "ABCD", false)]
    [InlineData("abc", "abd", false)]
    public void Names_fold_character_by_character(string left, string right, bool equal) =>
        Assert.Equal(equal, CaseFolding.Equal(Encoding.UTF8.GetBytes(left), Encoding.UTF8.GetBytes(right)));

    [Fact]
    public void Bytes_that_are_no_text_do_not_fold() => Assert.False(CaseFolding.Equal([0xFF, 0x41], [0xFF, 0x61]));

    [Fact]
    public void A_casefolded_directory_finds_names_in_any_case()
    {
        ImageSurgeon image = SampleImages.Get("-t ext4 -b 1024 -O ^has_journal,^metadata_csum,casefold");
        int flags = image.InodeOffset("dir") + 0x20;
        image.Put32(flags, image.Get32(flags) | (uint)InodeFlags.CaseFold);

        Assert.Equal(Ext4Error.None, image.TryFind("dir/ONE", out _));
        Assert.Equal(Ext4Error.None, image.TryFind("dir/one", out _));
        Assert.Equal(Ext4ErrorKind.NotFound, image.TryFind("DIR/one", out _).Kind);
    }

    private static List<FileType> Types(ImageSurgeon image)
    {
        Ext4Volume volume = image.Open();
        Assert.Equal(Ext4Error.None, volume.OpenDirectory(image.Find("/", volume), 0, out DirectoryReader? reader));
        var types = new List<FileType>();
        while (reader!.MoveNext())
        {
            types.Add(reader.Current.Type);
        }

        return types;
    }

    private static ulong PositionBehind(Ext4Volume volume, Inode directory, string name)
    {
        Assert.Equal(Ext4Error.None, volume.OpenDirectory(directory, 0, out DirectoryReader? reader));
        while (reader!.MoveNext())
        {
            if (reader.Current.Name.SequenceEqual(Encoding.UTF8.GetBytes(name)))
            {
                return reader.Current.NextPosition;
            }
        }

        throw new InvalidOperationException(name);
    }
}
