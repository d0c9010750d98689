using ServiceHost.Options;

namespace Servers.Ext4.Server;

/// <summary>The words of -o that mean something to this server, and those of ext4(5) that cannot mean anything on a read-only mount.</summary>
internal static class Ext4OptionTable
{
    private const double MaxSeconds = 1_000_000_000;
    private const double OneDay = 24 * 60 * 60;
    private const long MaxId = uint.MaxValue - 1L;
    private const long MaxCacheMegabytes = 1024;

    public static MountOption<bool> Recovery { get; } =
        MountOption.Switch("recovery", "show the state after journal recovery; norecovery: the raw state", standard: true);

    /// <summary>The kernel's other name for norecovery.</summary>
    public static MountOption<bool> Load { get; } = MountOption.Switch("load", "the same as recovery", standard: true);

    /// <summary>Opened by whoever mounts; the server gets it as a role of its own.</summary>
    public static MountOption<string> JournalPath { get; } = MountOption.Text(
        "journal_path", "PATH", "the file or device with the journal of a filesystem that keeps it outside");

    public static MountOption<long> SuperblockAt { get; } = MountOption.Integer(
        "sb", "N", "use the copy of the superblock at this kilobyte", standard: 1, minimum: 1, maximum: uint.MaxValue);

    public static MountOption<long> Offset { get; } = MountOption.Integer(
        "offset", "BYTES", "where the filesystem begins in SOURCE", standard: 0, minimum: 0, maximum: long.MaxValue);

    public static MountOption<long> SizeLimit { get; } = MountOption.Integer(
        "sizelimit", "BYTES", "how much of SOURCE belongs to it, 0: all that follows", standard: 0, minimum: 0, maximum: long.MaxValue);

    public static MountOption<long> PartitionNumber { get; } = MountOption.Integer(
        "partition", "N", "the partition of SOURCE (GPT or MBR) that the filesystem is in, 0: none", standard: 0, minimum: 0,
        maximum: PartitionTable.HighestNumber);

    public static MountOption<bool> Loop { get; } = MountOption.Switch(
        "loop", "root's image files become loop devices; noloop: they are read as files", standard: true);

    public static MountOption<long> CacheSize { get; } = MountOption.Integer(
        "cache_size", "MB", "memory for metadata", standard: 8, minimum: 1, maximum: MaxCacheMegabytes);

    public static MountOption<TimeSpan> EntryTimeout { get; } = MountOption.Seconds(
        "entry_timeout", "a name, also a missing one, is used without asking for so long", OneDay, MaxSeconds);

    public static MountOption<TimeSpan> AttributeTimeout { get; } = MountOption.Seconds(
        "attr_timeout", "attributes are used without asking for so long", OneDay, MaxSeconds);

    public static MountOption<bool> MinixDf { get; } = MountOption.Switch("minixdf", "statfs counts the filesystem's own blocks as its size");

    public static MountOption<bool> BsdDf { get; } = MountOption.Switch("bsddf", "statfs leaves the filesystem's own blocks out", standard: true);

    public static MountOption<long> Uid { get; } = MountOption.Integer(
        "uid", "UID", "every file belongs to this user, -1: as on the disk", standard: -1, minimum: -1, maximum: MaxId);

    public static MountOption<long> Gid { get; } = MountOption.Integer(
        "gid", "GID", "every file belongs to this group, -1: as on the disk", standard: -1, minimum: -1, maximum: MaxId);

    public static MountOption<string> Umask { get; } = MountOption.Text(
        "umask", "OCTAL", "permission bits that no file has", standard: "0");

    public static MountOption<bool> Squash { get; } = MountOption.Switch("squash", "every file belongs to whoever mounts");

    public static MountOptionTable Table { get; } = new(
        Recovery, Load, JournalPath, SuperblockAt, Offset, SizeLimit, PartitionNumber, Loop, CacheSize, EntryTimeout, AttributeTimeout, MinixDf, BsdDf, Uid, Gid, Umask, Squash);
}
