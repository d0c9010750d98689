using System.Text;
using Servers.Ext4;

namespace Ext4.Tests;

/// <summary>The directory "large" of the sample images has 600 names in a hash tree.</summary>
public sealed class HashTreeTests
{
    private const int Names = 600;
    private const int RootInfo = 24;

    [Theory]
    [InlineData("-t ext4 -b 1024 -O ^has_journal")]
    [InlineData("-t ext4 -b 1024 -O ^has_journal,^metadata_csum,large_dir")]
    [InlineData("-t ext3 -b 1024 -O ^has_journal,^filetype")]
    public void Every_name_is_found_and_listed(string arguments)
    {
        ImageSurgeon image = SampleImages.Get(arguments);
        Ext4Volume volume = image.Open();
        Inode directory = image.Find("large", volume);

        Assert.True(directory.Has(InodeFlags.Index));
        (List<string> names, Ext4Error error) = ImageSurgeon.List(volume, directory);
        Assert.Equal(Ext4Error.None, error);
        Assert.Equal(Names + 2, names.Count);
        Assert.All(names.Skip(2), name => Assert.Equal(Ext4Error.None, Look(volume, directory, name)));
        Assert.Equal(Ext4ErrorKind.NotFound, Look(volume, directory, "not there").Kind);
        Assert.Empty(image.Faults);
    }

    [Fact]
    public void A_tree_of_two_levels_is_descended()
    {
        const int Many = 3500;
        using var tree = new TemporaryTree();
        for (int i = 0; i < Many; i++)
        {
            tree.Write($"deep/{i:d6} {new string('n', 50)}", []);
        }

        using TemporaryImage file = TemporaryImage.Make("8M", "-t", "ext4", "-b", "1024", "-O", "^has_journal", "-N", "4096", "-d", tree.Root);
        Tool.RunAny("e2fsck", "-fyD", file.FilePath);
        var image = new ImageSurgeon(file.Load());
        Ext4Volume volume = image.Open();
        Inode directory = image.Find("deep", volume);

        Assert.Equal(1, image.Device.Bytes[image.BlockOffset("deep", 0) + RootInfo + 6]);
        (List<string> names, Ext4Error error) = ImageSurgeon.List(volume, directory);
        Assert.Equal(Ext4Error.None, error);
        Assert.Equal(Many + 2, names.Count);
        Assert.All(names.Skip(2), name => Assert.Equal(Ext4Error.None, Look(volume, directory, name)));
        Assert.Empty(image.Faults);
        // An inner node that counts more than it has room for: the leaves still give every name.
        uint inner = image.Get32(image.BlockOffset("deep", 0) + 32 + 4);
        image.Put32(1024 + 0x64, image.Get32(1024 + 0x64) & ~(uint)ReadOnlyCompatFeatures.MetadataCsum);
        image.Put16(image.BlockOffset("deep", inner) + 10, 500);
        volume = image.Open();
        Assert.All(names.Skip(2).Take(200), name => Assert.Equal(Ext4Error.None, Look(volume, image.Find("deep", volume), name)));
        Assert.Equal(Many + 2, ImageSurgeon.List(volume, image.Find("deep", volume)).Names.Count);
    }

    [Fact]
    public void Listing_goes_on_behind_any_entry()
    {
        ImageSurgeon image = SampleImages.Plain();
        Ext4Volume volume = image.Open();
        Inode directory = image.Find("large", volume);
        List<string> all = ImageSurgeon.List(volume, directory).Names;
        var resumed = new List<string>();
        ulong position = 0;
        for (bool any = true; any;)
        {
            Assert.Equal(Ext4Error.None, volume.OpenDirectory(directory, position, out DirectoryReader? reader));
            any = reader!.MoveNext();
            if (any)
            {
                resumed.Add(Encoding.UTF8.GetString(reader.Current.Name));
                position = reader.Current.NextPosition;
            }
        }

        Assert.Equal(all, resumed);
    }

    [Theory]
    [InlineData(RootInfo + 4, 9)]
    [InlineData(RootInfo + 6, 2)]
    [InlineData(RootInfo + 7, 1)]
    [InlineData(RootInfo + 8, 7)]
    [InlineData(RootInfo + 10, 0)]
    public void A_root_that_makes_no_sense_leaves_the_directory_readable(int offset, byte value)
    {
        ImageSurgeon image = SampleImages.Plain();
        image.Put(image.BlockOffset("large", 0) + offset, value);

        AssertAllReadable(image);
    }

    [Fact]
    public void A_root_with_a_wrong_checksum_leaves_the_leaves_readable_and_says_so()
    {
        ImageSurgeon image = SampleImages.Checked();
        int root = image.BlockOffset("large", 0);
        image.Put32(root + 1020, ~image.Get32(root + 1020));
        Ext4Volume volume = image.Open();
        Inode directory = image.Find("large", volume);

        (List<string> names, Ext4Error error) = ImageSurgeon.List(volume, directory);

        Assert.Equal(Ext4ErrorKind.BadChecksum, error.Kind);
        Assert.Equal(Names, names.Count);
        Assert.All(names, name => Assert.Equal(Ext4Error.None, Look(volume, directory, name)));
    }

    [Fact]
    public void A_leaf_with_a_wrong_checksum_takes_only_its_own_names()
    {
        ImageSurgeon image = SampleImages.Checked();
        int leaf = image.BlockOffset("large", 2);
        image.Put32(leaf + 1020, ~image.Get32(leaf + 1020));
        Ext4Volume volume = image.Open();
        Inode directory = image.Find("large", volume);

        (List<string> names, Ext4Error error) = ImageSurgeon.List(volume, directory);

        Assert.Equal((Ext4ErrorKind.BadChecksum, CorruptionReason.DirectoryChecksum), (error.Kind, error.Reason));
        Assert.InRange(names.Count, Names - 40, Names - 1);
        int lost = Enumerable.Range(0, Names).Count(i =>
            Look(volume, directory, $"a name of some length, number {i:d4}").Kind == Ext4ErrorKind.BadChecksum);
        Assert.Equal(Names + 2 - names.Count, lost);
    }

    [Fact]
    public void An_entry_that_leads_out_of_the_directory_is_reported()
    {
        ImageSurgeon image = SampleImages.Plain();
        int second = image.BlockOffset("large", 0) + 32 + 8;
        image.Put32(second + 4, 0x0FFF_FFFF);
        Ext4Volume volume = image.Open();

        Assert.Equal(CorruptionReason.DirectoryHole, ImageSurgeon.List(volume, image.Find("large", volume)).Error.Reason);
    }

    [Fact]
    public void A_tree_that_leads_back_to_its_root_is_left_aside()
    {
        ImageSurgeon image = SampleImages.Plain();
        int entries = image.BlockOffset("large", 0) + 32;
        uint count = image.Get32(entries) >> 16;
        for (int i = 0; i < count; i++)
        {
            image.Put32(entries + (i * 8) + 4, 0);
        }

        Ext4Volume volume = image.Open();
        Assert.Equal(Ext4Error.None, Look(volume, image.Find("large", volume), "a name of some length, number 0001"));
    }

    [Fact]
    public void The_index_flag_means_nothing_without_the_feature()
    {
        ImageSurgeon image = SampleImages.Plain();
        image.Put32(1024 + 0x5C, image.Get32(1024 + 0x5C) & ~(uint)CompatFeatures.DirIndex);

        AssertAllReadable(image);
    }

    private static void AssertAllReadable(ImageSurgeon image)
    {
        Ext4Volume volume = image.Open();
        Inode directory = image.Find("large", volume);
        Assert.Equal(Names + 2, ImageSurgeon.List(volume, directory).Names.Count);
        Assert.All(Enumerable.Range(0, Names), i =>
            Assert.Equal(Ext4Error.None, Look(volume, directory, $"a name of some length, number {i:d4}")));
    }

    private static Ext4Error Look(Ext4Volume volume, Inode directory, string name) =>
        volume.Lookup(directory, Encoding.UTF8.GetBytes(name), out _);
}
