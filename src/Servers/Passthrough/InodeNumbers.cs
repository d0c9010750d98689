using ServiceHost.Linux;

namespace Servers.Passthrough;

/// <summary>
/// The st_ino that users see. A FUSE mount has one st_dev, but its source may hold several filesystems (submounts, btrfs subvolumes), and two files
/// with equal st_dev and st_ino are one file to tar, find and rsync. Numbers of the root's filesystem stay as they are; those of the others are
/// moved away by their device number, always by the same amount.
/// </summary>
internal sealed class InodeNumbers(in Statx root)
{
    private readonly ulong _rootDevice = InodeKey.DeviceOf(root);

    public ulong Show(in Statx stat) => Show(stat.Ino, InodeKey.DeviceOf(stat));

    public ulong Show(ulong ino, ulong device) =>
        device == _rootDevice ? ino : ino ^ (((device - _rootDevice) * 0x9E37_79B9_7F4A_7C15) & 0xFFFF_FFFF_0000_0000);
}
