using ServiceHost.Fuse;
using ServiceHost.Linux;

namespace Servers.Ext4.Server;

/// <summary>From an inode to what FUSE says about it, with the owners that the mount shows.</summary>
internal sealed class Attributes(Ext4Volume volume, OwnerPolicy owners)
{
    private const uint PermissionBits = 0x1FF;

    public void Fill(Inode inode, out FuseAttr attr) => attr = new FuseAttr
    {
        Ino = inode.Number.Value,
        Size = (ulong)volume.StatSize(inode),
        Blocks = inode.Sectors,
        Atime = unchecked((ulong)inode.AccessTime.Seconds),
        Mtime = unchecked((ulong)inode.ModificationTime.Seconds),
        Ctime = unchecked((ulong)inode.ChangeTime.Seconds),
        AtimeNsec = inode.AccessTime.Nanoseconds,
        MtimeNsec = inode.ModificationTime.Nanoseconds,
        CtimeNsec = inode.ChangeTime.Nanoseconds,
        Mode = Mode(inode),
        Nlink = inode.LinkCount,
        Uid = owners.Uid ?? inode.Uid,
        Gid = owners.Gid ?? inode.Gid,
        Rdev = DeviceNumber.Encode32(inode.DeviceMajor, inode.DeviceMinor),
        BlkSize = (uint)volume.Superblock.BlockSize,
    };

    public void Fill(Inode inode, out FuseStatx attr)
    {
        StatxMask mask = StatxMask.BasicStats | (inode.CreationTime is null ? 0 : StatxMask.BirthTime);
        attr = new FuseStatx
        {
            Mask = (uint)mask,
            BlkSize = (uint)volume.Superblock.BlockSize,
            Nlink = inode.LinkCount,
            Uid = owners.Uid ?? inode.Uid,
            Gid = owners.Gid ?? inode.Gid,
            Mode = (ushort)Mode(inode),
            Ino = inode.Number.Value,
            Size = (ulong)volume.StatSize(inode),
            Blocks = inode.Sectors,
            Atime = Time(inode.AccessTime),
            Btime = Time(inode.CreationTime ?? default),
            Ctime = Time(inode.ChangeTime),
            Mtime = Time(inode.ModificationTime),
            RdevMajor = inode.DeviceMajor,
            RdevMinor = inode.DeviceMinor,
        };
    }

    // A link's permissions mean nothing and stay as everyone expects them.
    private uint Mode(Inode inode) => inode.IsSymlink ? inode.Mode : inode.Mode & ~(owners.Umask & PermissionBits);

    private static FuseSxTime Time(Timestamp time) => new() { TvSec = time.Seconds, TvNsec = time.Nanoseconds };
}
