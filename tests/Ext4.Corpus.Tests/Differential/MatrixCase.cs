namespace Ext4.Corpus.Tests;

/// <summary>One filesystem of the matrix.</summary>
/// <param name="Filling">Who puts files into it: the kernel, or mke2fs where the kernel here cannot mount it for writing.</param>
internal sealed record MatrixCase(string Arguments, string Size, Filling Filling)
{
    /// <summary>The kernel compares what it can mount at all.</summary>
    public bool IsMountable => Filling != Filling.ByToolOnly;

    public static IReadOnlyList<MatrixCase> All { get; } =
    [
        .. Cross(["ext4", "ext3", "ext2"], ["-b 1024", "-b 2048", "-b 4096"], ["-I 128", "-I 256", "-I 512"], Filling.ByKernel),
        .. Cross(["ext4"], ["-b 1024", "-b 4096"],
            ["-O ^metadata_csum", "-O ^metadata_csum,uninit_bg", "-O ^64bit", "-O ^extent,^64bit", "-O ^flex_bg", "-O ^flex_bg,meta_bg,^resize_inode",
             "-O inline_data", "-O ea_inode", "-O large_dir", "-O sparse_super2", "-O ^dir_index", "-O ^huge_file,^large_file",
             "-O metadata_csum_seed", "-O ^has_journal", "-O ^dir_nlink,^extra_isize"], Filling.ByKernel),
        .. Cross(["ext4"], ["-b 4096"], ["-O bigalloc -C 16384", "-O bigalloc -C 65536", "-O orphan_file", "-O mmp -E mmp_update_interval=1",
             "-O inline_data,ea_inode,metadata_csum_seed -I 512", "-E packed_meta_blocks=1", "-g 8192", "-O fast_commit"], Filling.ByKernel),
        .. Cross(["ext4"], ["-b 1024", "-b 4096"], ["-J size=4"], Filling.ByKernelThenCrash),
        .. Cross(["ext3"], ["-b 1024", "-b 4096"], ["-J size=4"], Filling.ByKernelThenCrash),
        .. Cross(["ext4"], ["-b 4096"], ["-O quota", "-O quota,project", "-O encrypt", "-O verity", "-O ^metadata_csum,quota"], Filling.ByTool),
        .. Cross(["ext4"], ["-b 8192", "-b 16384", "-b 65536", "-b 4096 -O casefold"], ["-I 256"], Filling.ByToolOnly),
    ];

    public override string ToString() => $"{Arguments} ({Filling})";

    private static IEnumerable<MatrixCase> Cross(string[] types, string[] blocks, string[] features, Filling filling) =>
        from type in types
        from block in blocks
        from feature in features
        select new MatrixCase($"-t {type} {block} {feature}", "24M", filling);
}
