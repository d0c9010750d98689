namespace Ext4.Corpus.Tests;

/// <summary>A filesystem inside a disk image: the server reads the table, which is as hostile as everything else in the image.</summary>
[Trait("Needs", "root")]
[Collection(Ext4Listener.Collection)]
public sealed class PartitionTests : IDisposable
{
    private const string Text = "a small file\n";
    private const byte Linux = 0x83;
    private const byte Extended = 0x05;

    private readonly DiskImage _disk = new();
    private readonly Ext4Listener _listener = new();

    [Fact]
    public void A_partition_of_a_GPT_is_mounted_by_its_number()
    {
        _disk.Gpt();
        Assert.Equal(Text, Mount("partition=2"));
        Refuses("partition=1", "there is no partition 1");
        Refuses("partition=7", "there is no partition 7");
    }

    [Fact]
    public void A_damaged_header_of_a_GPT_gives_way_to_the_backup()
    {
        _disk.Gpt().Write(DiskImage.Sector + 20, [1, 2, 3, 4]);
        Assert.Equal(Text, Mount("partition=2"));
    }

    [Fact]
    public void Entries_of_a_GPT_that_do_not_fit_its_checksum_are_no_partitions()
    {
        _disk.Gpt().Write((2 * DiskImage.Sector) + 128 + 32, [0, 0x10]);
        Refuses("partition=1", "the GPT is damaged, and so is its backup");
        Refuses("partition=2", "the GPT is damaged, and so is its backup");
    }

    [Fact]
    public void Primary_and_logical_partitions_of_an_MBR_are_mounted_by_their_numbers()
    {
        _disk.Mbr(0, 0, Linux, DiskImage.FirstSector, DiskImage.Sectors)
            .Mbr(0, 1, Extended, 2048, 30_000)
            .Mbr(2048, 0, Linux, 100, 200).Mbr(2048, 1, Extended, 1000, 20_000)
            .Mbr(3048, 0, Linux, DiskImage.FirstSector - 3048, DiskImage.Sectors);
        Assert.Equal(Text, Mount("partition=1"));
        Assert.Equal(Text, Mount("partition=6"));
        Refuses("partition=2", "there is no partition 2");
        Refuses("partition=7", "there is no partition 7");
    }

    [Fact]
    public void A_chain_of_logical_partitions_that_goes_in_circles_ends()
    {
        _disk.Mbr(0, 0, Extended, 2048, 30_000).Mbr(2048, 1, Extended, 0, 30_000);
        Refuses("partition=128", "there is no partition 128");
    }

    [Fact]
    public void A_partition_beyond_the_disk_is_refused()
    {
        _disk.Mbr(0, 0, Linux, DiskImage.FirstSector, 4_000_000_000);
        Refuses("partition=1", "does not lie within the device");
    }

    [Fact]
    public void An_offset_does_the_same_as_a_table()
    {
        string place = $"offset={DiskImage.FirstSector * DiskImage.Sector}";
        Assert.Equal(Text, Mount($"{place},sizelimit={DiskImage.Sectors * DiskImage.Sector}"));
        Assert.Equal(Text, Mount(place));
        Refuses("offset=1099511627776", "is not within");
        Refuses("partition=1", "there is no partition table");
    }

    public void Dispose()
    {
        _listener.Dispose();
        _disk.Dispose();
    }

    private string? Mount(string options) =>
        Ext4Listener.With(_disk.Path, options, path => File.ReadAllText(Path.Combine(path, "a")), out _);

    private void Refuses(string options, string reason)
    {
        Assert.Null(Ext4Listener.With<string>(_disk.Path, options, _ => "", out string said));
        Assert.Contains(reason, said, StringComparison.Ordinal);
    }
}
