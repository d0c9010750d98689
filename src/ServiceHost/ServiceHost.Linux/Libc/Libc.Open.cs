using System.Runtime.InteropServices;

namespace ServiceHost.Linux;

/// <summary>Opening. There are two forms of each call: for a field (<see cref="OwnedFd"/>) and for a table (<see cref="FdCell"/>).</summary>
public static partial class Libc
{
    private const int O_CLOEXEC = 0x8_0000;
    private const int F_DUPFD_CLOEXEC = 1030;

    /// <summary>openat(2). EINTR is the caller's to see: an open can wait for a lease or a peer.</summary>
    public static Errno Openat(Fd directory, CString path, OpenFlags flags, uint mode, out OwnedFd opened)
    {
        Errno errno = OpenatNumber(directory, path, flags, mode, out int number);
        opened = OwnedFd.Take(number);
        return errno;
    }

    /// <summary>openat(2) into an empty cell.</summary>
    public static Errno Openat(Fd directory, CString path, OpenFlags flags, uint mode, out FdCell opened)
    {
        Errno errno = OpenatNumber(directory, path, flags, mode, out int number);
        opened = FdCell.Take(number);
        return errno;
    }

    /// <summary>openat2(2).</summary>
    public static Errno Openat2(Fd directory, CString path, in OpenHow how, out OwnedFd opened)
    {
        Errno errno = Openat2Number(directory, path, how, out int number);
        opened = OwnedFd.Take(number);
        return errno;
    }

    /// <summary>openat2(2) into an empty cell.</summary>
    public static Errno Openat2(Fd directory, CString path, in OpenHow how, out FdCell opened)
    {
        Errno errno = Openat2Number(directory, path, how, out int number);
        opened = FdCell.Take(number);
        return errno;
    }

    /// <summary>fcntl(F_DUPFD_CLOEXEC): another number for the same open file description, never 0, 1 or 2.</summary>
    public static Errno Duplicate(Fd fd, out OwnedFd duplicate)
    {
        int number = fcntl_int(fd.Number, F_DUPFD_CLOEXEC, 3);
        Errno errno = Errno.Of(number);
        duplicate = OwnedFd.Take(number);
        return errno;
    }

    /// <summary>
    /// Closes a new duplicate of <paramref name="fd"/>, so that the filesystem below sees a close (and can report a late error,
    /// as NFS does) while the descriptor itself stays open.
    /// </summary>
    public static Errno FlushByClose(Fd fd)
    {
        int number = fcntl_int(fd.Number, F_DUPFD_CLOEXEC, 3);
        return number < 0 ? Errno.Last : CloseNumber(number);
    }

    private static unsafe Errno OpenatNumber(Fd directory, CString path, OpenFlags flags, uint mode, out int number)
    {
        fixed (byte* p = path.Terminated)
        {
            number = openat(directory.Number, p, (int)flags | O_CLOEXEC, mode);
        }

        return Errno.Of(number);
    }

    private static unsafe Errno Openat2Number(Fd directory, CString path, in OpenHow how, out int number)
    {
        fixed (byte* p = path.Terminated)
        fixed (OpenHow* h = &how)
        {
            number = (int)SystemCall.Call(SystemCallNumber.Openat2, directory.Number, (nint)p, (nint)h, sizeof(OpenHow));
        }

        return Errno.Of(number);
    }

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial int openat(int directory, byte* path, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int fcntl_int(int fd, int command, int argument);
}
