namespace ServiceHost.Linux;

/// <summary>What can be seen of a device or a socket without reading from it.</summary>
public static unsafe partial class Libc
{
    private const short POLLERR_EVENT = 8;
    private const short POLLHUP_EVENT = 16;
    private const uint FuseMajor = 10;
    private const uint FuseMinor = 229;

    /// <summary>Whether it is /dev/fuse, by its number.</summary>
    public static bool IsFuseDevice(Fd fd) =>
        Statx(fd, StatxMask.Type, out Statx status).IsOk
        && status.FileType == ModeBits.CharacterDevice
        && status.RdevMajor == FuseMajor
        && status.RdevMinor == FuseMinor;

    /// <summary>
    /// Whether the connection of this device is over: unmounted or aborted. Asked without waiting, because a sleeper on the device would be
    /// woken by every request of the mount.
    /// </summary>
    public static bool HasFuseConnectionEnded(Fd device) => Shows(device, POLLERR_EVENT);

    /// <summary>Whether the other end of a socket is closed, whatever there is still to be read.</summary>
    public static bool HasPeerLeft(Fd socket) => Shows(socket, POLLHUP_EVENT);

    private static bool Shows(Fd fd, short what)
    {
        WaitEntry entry = new(fd.Number, 0);
        return poll_entries(&entry, 1, 0) == 1 && (entry.Occurred & what) != 0;
    }
}
