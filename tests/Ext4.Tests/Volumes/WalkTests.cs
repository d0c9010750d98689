namespace Ext4.Tests;

/// <summary>Whole images, made by mke2fs from a directory, with many combinations of features.</summary>
public sealed class WalkTests
{
    [Theory]
    [InlineData("-t ext4 -b 1024")]
    [InlineData("-t ext4 -b 2048 -I 512")]
    [InlineData("-t ext4 -b 4096")]
    [InlineData("-t ext4 -b 16384")]
    [InlineData("-t ext4 -b 65536")]
    [InlineData("-t ext4 -b 4096 -O ^metadata_csum,uninit_bg")]
    [InlineData("-t ext4 -b 1024 -O inline_data")]
    [InlineData("-t ext4 -b 1024 -O ^extent,^64bit")]
    [InlineData("-t ext2 -b 1024 -I 128")]
    [InlineData("-t ext2 -b 1024 -r 0")]
    [InlineData("-t ext3 -b 4096")]
    [InlineData("-t ext4 -b 1024 -O meta_bg,^resize_inode")]
    [InlineData("-t ext4 -b 1024 -O ^flex_bg,sparse_super2")]
    [InlineData("-t ext4 -b 4096 -O bigalloc -C 16384")]
    [InlineData("-t ext4 -b 4096 -O metadata_csum_seed,large_dir,ea_inode,quota,project,encrypt,verity,mmp")]
    [InlineData("-t ext4 -b 4096 -O casefold")]
    [InlineData("-t ext4 -b 1024 -O orphan_file,fast_commit")]
    public void Shows_what_was_put_in(string arguments)
    {
        using var tree = new SampleTree();
        using TemporaryImage image = TemporaryImage.Make("48M", [.. arguments.Split(' '), "-d", tree.Root]);

        WalkReport report = Ext4Walker.Walk(image.Load());

        Assert.Null(report.Refusal);
        Assert.Empty(report.Errors);
        Assert.Equal(tree.Expected(), SampleTree.Found(report));
    }
}
