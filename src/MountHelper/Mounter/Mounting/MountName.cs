using ServiceHost.Linux;

namespace MountHelper.Mounting;

/// <summary>
/// What identifies a mount of ours: the unique mount id where the kernel has one (6.8), and the device number, which for FUSE is also
/// the connection's number. Device numbers are given out again, so without the id a match of both connection and device is needed.
/// </summary>
public readonly record struct MountName(ulong UniqueId, uint DeviceMajor, uint DeviceMinor)
{
    /// <summary>The directory in /sys/fs/fuse/connections.</summary>
    public uint Connection => (DeviceMajor << 20) | DeviceMinor;

    /// <summary>Asks the kernel and never the filesystem.</summary>
    public static MountName Of(Fd root)
    {
        ulong id = MountIdentity.UniqueId(root);
        return MountIdentity.Device(root, out uint major, out uint minor).IsOk
            ? new MountName(id, major, minor)
            : new MountName(id, 0, 0);
    }
}
