using Servers.Ext4;

namespace Ext4.Tests;

public sealed class ReadingTests
{
    [Fact]
    public void Reads_end_at_the_end_of_the_file()
    {
        ImageSurgeon image = SampleImages.Plain();
        Ext4Volume volume = image.Open();
        Inode file = image.Find("file", volume);
        byte[] buffer = new byte[6000];

        Assert.Equal(Ext4Error.None, volume.Read(file, 4990, buffer, out int count));
        Assert.Equal(10, count);
        Assert.Equal(Ext4Error.None, volume.Read(file, 5000, buffer, out count));
        Assert.Equal(0, count);
        Assert.Equal(Ext4ErrorKind.Invalid, volume.Read(file, -1, buffer, out _).Kind);
        Assert.Equal(Ext4ErrorKind.IsDirectory, volume.Read(image.Find("dir", volume), 0, buffer, out _).Kind);
        Assert.Equal(Ext4ErrorKind.Invalid, volume.Read(image.Find("pipe", volume), 0, buffer, out _).Kind);
    }

    [Theory]
    [InlineData("pieces", 0, true, 0)]
    [InlineData("pieces", 100, false, 4096)]
    [InlineData("pieces", 5000, true, 8192)]
    [InlineData("pieces", 5000, false, 5000)]
    [InlineData("file", 100, false, 5000)]
    public void Data_and_holes_are_found(string path, long offset, bool forData, long expected)
    {
        ImageSurgeon image = SampleImages.Plain();
        Ext4Volume volume = image.Open();

        Assert.Equal(Ext4Error.None, volume.Seek(image.Find(path, volume), offset, forData, out long result));
        // A file's last block is data to its end.
        Assert.Equal(expected, Math.Min(result, volume.Superblock.BlockSize * 1024L));
    }

    [Fact]
    public void Nothing_is_found_behind_the_end()
    {
        ImageSurgeon image = SampleImages.Plain();
        Ext4Volume volume = image.Open();
        Inode file = image.Find("file", volume);

        Assert.Equal(Ext4ErrorKind.NoSuchOffset, volume.Seek(file, 5000, forData: false, out _).Kind);
        Assert.Equal(Ext4ErrorKind.NoSuchOffset, volume.Seek(file, -1, forData: true, out _).Kind);
        Assert.Equal(Ext4ErrorKind.NoSuchOffset, volume.MapAt(file, 5000, out _).Kind);
    }

    [Fact]
    public void Read_ahead_follows_the_pieces_and_stops_at_the_end_of_the_request()
    {
        ImageSurgeon image = SampleImages.Plain();
        var device = new HintingDevice(image.Device);
        Assert.Null(Ext4Volume.Open(device, new VolumeOptions(), out Ext4Volume? volume));
        Inode pieces = image.Find("pieces", volume);

        volume!.ReadAhead(pieces, 0, 10 * 1024);

        Assert.Equal([4096, 2048], device.Hints.Select(hint => hint.Length));
        volume.ReadAhead(image.Find("dir", volume), 0, 10);
        Assert.Equal(2, device.Hints.Count);
    }

    [Fact]
    public void A_failing_device_is_an_error_of_what_was_read_and_of_nothing_else()
    {
        ImageSurgeon image = SampleImages.Plain();
        int block = image.BlockOffset("file", 2);
        var device = new HintingDevice(image.Device) { Broken = block };
        Assert.Null(Ext4Volume.Open(device, new VolumeOptions(), out Ext4Volume? volume));
        Inode file = image.Find("file", volume);

        Ext4Error error = volume!.Read(file, 0, new byte[5000], out _);

        Assert.Equal((Ext4ErrorKind.Io, CorruptionReason.DeviceFailed), (error.Kind, error.Reason));
        Assert.Equal(Ext4Error.None, volume.Read(file, 0, new byte[1000], out _));
        Assert.Equal(Ext4Error.None, volume.Read(image.Find("tiny", volume), 0, new byte[10], out _));
    }

    [Fact]
    public void One_bad_block_of_an_inode_table_costs_only_its_inodes()
    {
        ImageSurgeon image = SampleImages.Plain();
        int block = image.InodeOffset("large/a name of some length, number 0300") / 1024 * 1024;
        var device = new HintingDevice(image.Device) { Broken = block };
        Assert.Null(Ext4Volume.Open(device, new VolumeOptions(), out Ext4Volume? volume));

        Assert.Equal(Ext4ErrorKind.Io, image.TryFind("large/a name of some length, number 0300", out _, volume).Kind);
        Assert.Equal(Ext4Error.None, image.TryFind("large/a name of some length, number 0590", out _, volume));
    }

    [Fact]
    public void Many_threads_read_through_a_tiny_cache()
    {
        ImageSurgeon image = SampleImages.Checked();
        Assert.Null(Ext4Volume.Open(image.Device, new VolumeOptions { CacheBytes = 1 }, out Ext4Volume? volume));
        string[] expected = [.. new Ext4Walker(volume!).Walk().Files.Select(f => f.Key + f.Value)];

        string[][] walks = [.. Enumerable.Range(0, 6).AsParallel().WithDegreeOfParallelism(6)
            .Select(_ => new Ext4Walker(volume!).Walk().Files.Select(f => f.Key + f.Value).ToArray())];

        Assert.All(walks, walk => Assert.Equal(expected, walk));
    }

    [Theory]
    [InlineData("-t ext4 -b 1024 -O ^has_journal")]
    [InlineData("-t ext4 -b 1024 -O meta_bg,^resize_inode,^has_journal")]
    [InlineData("-t ext2 -b 1024")]
    [InlineData("-t ext4 -b 1024 -O bigalloc,^has_journal -C 4096")]
    public void Statfs_adds_up(string arguments)
    {
        ImageSurgeon image = SampleImages.Get(arguments);
        VolumeStatistics computed = Without(image, 0x248).Statfs(minix: false);
        VolumeStatistics minix = image.Open().Statfs(minix: true);

        Assert.Equal(image.Open().Superblock.BlocksCount, minix.Blocks);
        Assert.Equal(image.Open().Superblock.FreeBlocksCount, minix.FreeBlocks);
        Assert.Equal(image.Open().Superblock.FreeInodesCount, minix.FreeFiles);
        Assert.True(computed.Blocks < minix.Blocks);
        Assert.True(computed.Blocks >= computed.FreeBlocks);
        Assert.True(computed.AvailableBlocks < computed.FreeBlocks);
    }

    private static Ext4Volume Without(ImageSurgeon image, int field)
    {
        byte[] bytes = [.. image.Device.Bytes];
        var copy = new ImageSurgeon(new MemoryDevice(bytes));
        copy.Put32(1024 + field, 0);
        uint features = copy.Get32(1024 + 0x64);
        copy.Put32(1024 + 0x64, features & ~(uint)ReadOnlyCompatFeatures.MetadataCsum);
        return copy.Open();
    }
}
