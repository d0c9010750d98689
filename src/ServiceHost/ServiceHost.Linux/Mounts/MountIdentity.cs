namespace ServiceHost.Linux;

/// <summary>Which mount a descriptor is on. Never asks the filesystem behind it: its server may be hostile and silent.</summary>
public static unsafe class MountIdentity
{
    private const AtFlags KernelOnly = AtFlags.EmptyPath | AtFlags.NoAutomount | AtFlags.StatxDontSync;
    private const int AT_EMPTY_PATH_HANDLE = 0x1000;
    private const int AT_HANDLE_MNT_ID_UNIQUE = 1;

    /// <summary>
    /// The mount's number that is never used again (Linux 6.8), 0 where the kernel has none. statx is refused to root on a FUSE
    /// mount that is another user's alone; name_to_handle_at tells it there (Linux 6.12).
    /// </summary>
    public static ulong UniqueId(Fd fd)
    {
        Errno errno = Libc.Statx(fd, default, KernelOnly, StatxMask.UniqueMountId, out Statx statx);
        if (errno.IsOk)
        {
            return statx.Mask.HasFlag(StatxMask.UniqueMountId) ? statx.MountId : 0;
        }

        return FromHandle(fd);
    }

    /// <summary>The number mountinfo shows first (Linux 5.8); it is used again after the mount is gone. 0 when there is none.</summary>
    public static ulong ReusableId(Fd fd) =>
        ProcFile.Read(CString.Allocate($"/proc/self/fdinfo/{fd.Number}"), out byte[] info).IsOk
        && ProcFile.TryField(info, "mnt_id:"u8, out ReadOnlySpan<byte> value)
        && System.Buffers.Text.Utf8Parser.TryParse(value, out ulong id, out _)
            ? id
            : 0;

    /// <summary>
    /// Device number of the filesystem. For FUSE it also names the connection in /sys/fs/fuse/connections. Nothing is asked for but
    /// this, which the kernel answers by itself even where the caller may not look at the files.
    /// </summary>
    public static Errno Device(Fd fd, out uint major, out uint minor)
    {
        Errno errno = Libc.Statx(fd, default, KernelOnly, StatxMask.None, out Statx statx);
        (major, minor) = (statx.DevMajor, statx.DevMinor);
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
            AT_EMPTY_PATH_HANDLE | AT_HANDLE_MNT_ID_UNIQUE));
        return errno.IsOk || errno == Errno.EOVERFLOW ? id : 0;
    }
}
