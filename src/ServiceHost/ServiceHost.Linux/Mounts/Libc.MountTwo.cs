namespace ServiceHost.Linux;

/// <summary>mount(2) and umount2(2), for kernels and sandboxes without the new mount API, and for unmounting.</summary>
public static unsafe partial class Libc
{
    /// <summary>mount(2). The target is a path: give it /proc/self/fd/N of a pinned descriptor.</summary>
    public static Errno Mount(CString source, CString target, CString filesystem, MountFlags flags, CString data)
    {
        fixed (byte* s = source.Terminated)
        fixed (byte* t = target.Terminated)
        fixed (byte* f = filesystem.Terminated)
        fixed (byte* d = data.Terminated)
        {
            return Errno.Of(SystemCall.Call(SystemCallNumber.Mount, (nint)s, (nint)t, (nint)f, (nint)flags, (nint)d));
        }
    }

    /// <summary>umount2(2). The target is a path: give it /proc/self/fd/N of the pinned root of the mount.</summary>
    public static Errno Umount2(CString target, UnmountFlags flags)
    {
        fixed (byte* t = target.Terminated)
        {
            return Errno.Of(SystemCall.Call(SystemCallNumber.Umount2, (nint)t, (nint)flags));
        }
    }

    /// <summary>
    /// open(2) with O_PATH and O_NOFOLLOW: pins what a path names, the root of a mount included, without calling the filesystem that
    /// it leads to.
    /// </summary>
    public static Errno OpenPathNoFollow(ReadOnlySpan<byte> path, out OwnedFd pinned)
    {
        const int O_PATH = 0x200000;
        byte[] terminated = [.. path, 0];
        return CString.TryCreate(terminated, out CString name)
            ? StateFile.Open(Fd.Cwd, name, O_PATH, 0, out pinned)
            : Invalid(out pinned);
    }

    private static Errno Invalid(out OwnedFd fd)
    {
        fd = OwnedFd.Take(-1);
        return Errno.EINVAL;
    }
}
