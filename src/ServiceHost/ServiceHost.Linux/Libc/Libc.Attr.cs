using System.Runtime.InteropServices;

namespace ServiceHost.Linux;

/// <summary>Changing what an inode says about itself.</summary>
public static partial class Libc
{
    /// <summary>fchmodat(2), following a final link (there is no mode on a symbolic link).</summary>
    public static unsafe Errno Fchmodat(Fd directory, CString path, uint mode)
    {
        fixed (byte* p = path.Terminated)
        {
            return Errno.Of(fchmodat(directory.Number, p, mode, 0));
        }
    }

    /// <summary>fchmod(2); not for O_PATH.</summary>
    public static Errno Fchmod(Fd fd, uint mode) => Errno.Of(fchmod(fd.Number, mode));

    /// <summary>fchownat(2); an id of 2^32-1 leaves that one as it is.</summary>
    public static unsafe Errno Fchownat(Fd directory, CString path, uint uid, uint gid, AtFlags flags)
    {
        fixed (byte* p = path.Terminated)
        {
            return Errno.Of(fchownat(directory.Number, p, uid, gid, (int)flags));
        }
    }

    /// <summary>utimensat(2) of the descriptor itself, which may be O_PATH.</summary>
    public static unsafe Errno Utimens(Fd fd, Timespec access, Timespec modify)
    {
        Timespec* times = stackalloc Timespec[2];
        times[0] = access;
        times[1] = modify;
        byte empty = 0;
        return Errno.Of(utimensat(fd.Number, &empty, times, (int)AtFlags.EmptyPath));
    }

    /// <summary>ftruncate(2).</summary>
    public static Errno Ftruncate(Fd fd, long size) => Errno.Of(ftruncate64(fd.Number, size));

    /// <summary>truncate(2), relative to the current directory, following a final link.</summary>
    public static unsafe Errno Truncate(CString path, long size)
    {
        fixed (byte* p = path.Terminated)
        {
            return Errno.Of(truncate64(p, size));
        }
    }

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial int fchmodat(int directory, byte* path, uint mode, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fchmod(int fd, uint mode);

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial int fchownat(int directory, byte* path, uint uid, uint gid, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial int utimensat(int directory, byte* path, Timespec* times, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int ftruncate64(int fd, long size);

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial int truncate64(byte* path, long size);
}
