using ServiceHost.Options;

namespace Servers.Ext4.Server;

/// <summary>
/// Options of ext4(5) about writing, checking and caching, which a read-only mount has no use for. They are taken so that a line of
/// fstab works unchanged, and named in the log so that nobody believes in them.
/// </summary>
internal static class IgnoredOptions
{
    private const string Help = "of ext4(5); has no meaning on a read-only mount";

    private static readonly MountOption<bool>[] s_words =
    [
        .. new[]
        {
            "user_xattr", "acl", "delalloc", "quota", "usrquota", "grpquota", "prjquota", "block_validity", "dioread_lock",
            "dioread_nolock", "journal_checksum", "journal_async_commit", "i_version", "grpid", "bsdgroups", "sysvgroups", "debug",
            "nombcache", "prefetch_block_bitmaps", "fast_commit", "orlov", "oldalloc", "bh",
            "mblk_io_submit", "reservation", "lazytime", "inlinecrypt", "warn_on_error",
        }.Select(static word => MountOption.Switch(word, Help)),
    ];

    private static readonly MountOption<string>[] s_loose =
        [.. new[] { "barrier", "auto_da_alloc", "init_itable", "dax", "discard" }.Select(static name => MountOption.Loose(name, Help))];

    private static readonly MountOption<string>[] s_values =
    [
        .. new[]
        {
            "errors", "commit", "data", "data_err", "stripe", "journal_ioprio", "max_batch_time", "min_batch_time",
            "inode_readahead_blks", "resuid", "resgid", "max_dir_size_kb", "jqfmt", "usrjquota",
            "grpjquota", "mb_optimize_scan", "check",
        }.Select(static name => MountOption.Text(name, "VALUE", Help)),
    ];

    public static MountOptionTable Table { get; } = new([.. s_words, .. s_loose, .. s_values]);

    /// <summary>The names of those that were given.</summary>
    public static IEnumerable<string> GivenIn(MountOptions options) =>
        s_words.Where(options.IsGiven).Select(static option => option.Name)
            .Concat(s_loose.Concat(s_values).Where(options.IsGiven).Select(static option => option.Name));
}
