using Servers.Ext4;

namespace Ext4.Tests;

/// <summary>What fast commits say of names, maps and inodes, and what becomes of those that lie. Against the kernel: Ext4.Corpus.Tests.</summary>
public sealed class FastCommitReplayTests
{
    private const uint BeyondAll = 1_000_000;
    private const int EachInode = 1 << 20;

    [Fact]
    public void Names_come_and_go_and_links_are_counted()
    {
        ImageSurgeon image = SampleImages.FastCommit();
        uint file = image.Find("file").Number.Value, tiny = image.Find("tiny").Number.Value;
        Ext4Volume volume = new FastCommitImage(image)
            .Name(FastCommitTag.Link, file, "again").Name(FastCommitTag.Unlink, tiny, "tiny").Seal().Open();

        Assert.Equal(file, image.Find("again", volume).Number.Value);
        Assert.Equal(2, image.Find("file", volume).LinkCount);
        Assert.Equal(Ext4ErrorKind.NotFound, image.TryFind("tiny", out _, volume).Kind);
        (List<string> names, Ext4Error error) = ImageSurgeon.List(volume, image.Find("/", volume));
        Assert.Equal(Ext4Error.None, error);
        Assert.Contains("again", names);
        Assert.DoesNotContain("tiny", names);
        Assert.Equal(4, volume.Recovery!.FastCommitRecords);
    }

    [Fact]
    public void A_listing_goes_on_behind_any_of_the_changed_names()
    {
        ImageSurgeon image = SampleImages.FastCommit();
        uint file = image.Find("file").Number.Value;
        Ext4Volume volume = new FastCommitImage(image)
            .Name(FastCommitTag.Link, file, "n1").Name(FastCommitTag.Link, file, "n2").Name(FastCommitTag.Link, file, "n3").Seal().Open();

        Inode root = image.Find("/", volume);
        (List<string> all, _) = ImageSurgeon.List(volume, root);
        Assert.Equal(Ext4Error.None, volume.OpenDirectory(root, 0, out DirectoryReader? reader));
        for (int shown = 1; reader!.MoveNext(); shown++)
        {
            Assert.Equal(all[shown..], ImageSurgeon.List(volume, root, reader.Current.NextPosition).Names);
        }
    }

    [Fact]
    public void Ranges_take_the_place_of_what_the_map_says()
    {
        ImageSurgeon image = SampleImages.FastCommit();
        Inode file = image.Find("file");
        uint block = (uint)(image.BlockOffset("tiny", 0) / 1024);
        Ext4Volume volume = new FastCommitImage(image)
            .DelRange(file.Number.Value, 0, 2).AddRange(file.Number.Value, 1, 1, block).Seal().Open();

        byte[] bytes = new byte[3 * 1024];
        Assert.Equal(Ext4Error.None, volume.Read(image.Find("file", volume), 0, bytes, out int count));
        Assert.Equal(bytes.Length, count);
        Assert.All(bytes[..1024], b => Assert.Equal(0, b));
        Assert.Equal("tiny contents"u8, bytes.AsSpan(1024, 13));
        Assert.All(bytes[2048..], b => Assert.Equal((byte)'a', b));
    }

    [Fact]
    public void A_range_of_blocks_that_are_the_filesystems_own_is_no_data()
    {
        ImageSurgeon image = SampleImages.FastCommit();
        uint file = image.Find("file").Number.Value;
        Ext4Volume volume = new FastCommitImage(image).AddRange(file, 0, 1, 1).Seal().Open();
        Assert.Equal(CorruptionReason.ExtentRange, volume.Read(image.Find("file", volume), 0, new byte[10], out _).Reason);
    }

    [Fact]
    public void A_commit_with_a_wrong_checksum_refuses_the_mount()
    {
        MountRefusal refusal = new FastCommitImage(SampleImages.FastCommit()).DelRange(12, 0, 1).Seal(lie: 1).Refused();
        Assert.Equal(CorruptionReason.FastCommitChecksum, refusal.Error.Reason);
    }

    [Theory]
    [InlineData("a/b", 12)]
    [InlineData("a\0b", 12)]
    [InlineData("fine", 0)]
    [InlineData("fine", 8)]
    public void A_name_that_cannot_be_refuses_the_mount(string name, uint inode)
    {
        MountRefusal refusal = new FastCommitImage(SampleImages.FastCommit()).Name(FastCommitTag.Unlink, inode, name).Seal().Refused();
        Assert.Equal(CorruptionReason.FastCommitRecord, refusal.Error.Reason);
    }

    [Fact]
    public void An_inode_that_is_nowhere_refuses_the_mount()
    {
        byte[] logged = new byte[sizeof(uint) + 128];
        BitConverter.TryWriteBytes(logged, BeyondAll);
        MountRefusal refusal = new FastCommitImage(SampleImages.FastCommit()).Record(FastCommitTag.Inode, logged).Seal().Refused();
        Assert.Equal(CorruptionReason.InodeNumberRange, refusal.Error.Reason);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(10, uint.MaxValue)]
    public void A_range_that_cannot_be_refuses_the_mount(uint fileBlock, uint count)
    {
        MountRefusal refusal = new FastCommitImage(SampleImages.FastCommit()).DelRange(12, fileBlock, count).Seal().Refused();
        Assert.Equal(CorruptionReason.FastCommitRecord, refusal.Error.Reason);
    }

    [Fact]
    public void What_is_held_in_memory_has_a_limit()
    {
        var changes = new FastCommitChanges();
        byte[] name = new byte[EachInode];
        Ext4Exception refused = Assert.Throws<Ext4Exception>(() =>
        {
            for (uint i = 0; i < 64; i++)
            {
                changes.ChangeName(2, name, isLink: true, 12);
            }
        });
        Assert.Equal(CorruptionReason.FastCommitTooLong, refused.Error.Reason);
    }
}
