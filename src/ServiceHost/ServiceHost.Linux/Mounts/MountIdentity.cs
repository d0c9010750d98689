namespace ServiceHost.Linux;

/// <summary>Which mount a descriptor is on. Never asks the filesystem behind it.</summary>
public static unsafe class MountIdentity
{
    private const uint STATX_MNT_ID = 0x1000;
    private const uint STATX_MNT_ID_UNIQUE = 0x4000;
    private const int AT_EMPTY_PATH = 0x1000;
    private const int AT_HANDLE_MNT_ID_UNIQUE = 1;

    /// <summary>
    /// The mount's number that is never used again (Linux 6.8), 0 where the kernel has none. statx is refused to root on a FUSE
    /// mount that is another user's alone; name_to_handle_at tells it there (Linux 6.12).
    /// </summary>
    public static ulong UniqueId(Fd fd)
    {
        Errno errno = StatxBuffer.Read(fd, STATX_MNT_ID_UNIQUE, out StatxBuffer statx);
        if (errno.IsOk)
        {
            return (statx.Mask & STATX_MNT_ID_UNIQUE) != 0 ? statx.MountId : 0;
        }

        return FromHandle(fd);
    }

    /// <summary>The number mountinfo shows first (Linux 5.8); it is used again after the mount is gone. 0 when there is none.</summary>
    public static ulong ReusableId(Fd fd) =>
        StatxBuffer.Read(fd, STATX_MNT_ID, out StatxBuffer statx).IsOk && (statx.Mask & STATX_MNT_ID) != 0 ? statx.MountId : 0;

    /// <summary>
    /// Device number of the filesystem as (major, minor). For FUSE it also names the connection in /sys/fs/fuse/connections.
    /// Nothing is asked for but this, which the kernel answers by itself even where the caller may not look at the files.
    /// </summary>
    public static Errno Device(Fd fd, out uint major, out uint minor)
    {
        Errno errno = StatxBuffer.Read(fd, 0, out StatxBuffer statx);
        (major, minor) = (statx.DeviceMajor, statx.DeviceMinor);
        return errno;
    }

    private static ulong FromHandle(Fd fd)
    {
        // struct file_handle with room for no handle: EOVERFLOW is the expected answer, and the mount id is filled in all the same.
        uint* handle = stackalloc uint[2] { 0, 0 };
        ulong id = 0;
        byte empty = 0;
        Errno errno = Errno.Of(SystemCall.Call(
            SystemCallNumber.NameToHandleAt, fd.Number, (nint)(&empty), (nint)handle, (nint)(&id),
            AT_EMPTY_PATH | AT_HANDLE_MNT_ID_UNIQUE));
        return errno.IsOk || errno == Errno.EOVERFLOW ? id : 0;
    }
}
