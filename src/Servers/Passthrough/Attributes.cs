using ServiceHost.Fuse;
using ServiceHost.Linux;

namespace Servers.Passthrough;

/// <summary>From what the source says about an inode to what FUSE says.</summary>
internal static class Attributes
{
    /// <summary>Asked for with every answer. The birth time only helps to recognise a reused number, and comes for free.</summary>
    public const StatxMask Wanted = StatxMask.BasicStats | StatxMask.BirthTime | StatxMask.MountId;

    public static void Fill(in Statx stat, ulong ino, out FuseAttr attr) => attr = new FuseAttr
    {
        Ino = ino,
        Size = stat.Size,
        Blocks = stat.Blocks,
        Atime = (ulong)stat.AccessTime.Seconds,
        Mtime = (ulong)stat.ModifyTime.Seconds,
        Ctime = (ulong)stat.ChangeTime.Seconds,
        AtimeNsec = stat.AccessTime.Nanoseconds,
        MtimeNsec = stat.ModifyTime.Nanoseconds,
        CtimeNsec = stat.ChangeTime.Nanoseconds,
        Mode = stat.RawMode,
        Nlink = stat.Nlink,
        Uid = stat.Uid,
        Gid = stat.Gid,
        Rdev = DeviceNumber.Encode32(stat.RdevMajor, stat.RdevMinor),
        BlkSize = stat.BlockSize,
    };

    public static void Fill(in Statx stat, ulong ino, out FuseStatx attr) => attr = new FuseStatx
    {
        Mask = (uint)(stat.Mask & (StatxMask.BasicStats | StatxMask.BirthTime)),
        BlkSize = stat.BlockSize,
        Attributes = (ulong)stat.Attributes,
        AttributesMask = (ulong)stat.AttributesMask,
        Nlink = stat.Nlink,
        Uid = stat.Uid,
        Gid = stat.Gid,
        Mode = stat.RawMode,
        Ino = ino,
        Size = stat.Size,
        Blocks = stat.Blocks,
        Atime = Time(stat.AccessTime),
        Btime = Time(stat.BirthTime),
        Ctime = Time(stat.ChangeTime),
        Mtime = Time(stat.ModifyTime),
        RdevMajor = stat.RdevMajor,
        RdevMinor = stat.RdevMinor,
        DevMajor = stat.DevMajor,
        DevMinor = stat.DevMinor,
    };

    private static FuseSxTime Time(StatxTimestamp time) => new() { TvSec = time.Seconds, TvNsec = time.Nanoseconds };
}
