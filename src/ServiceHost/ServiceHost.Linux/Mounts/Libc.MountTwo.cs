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
}
