using System.Runtime.InteropServices;

namespace ServiceHost.Linux;

/// <summary>Locks that belong to an open file description: nothing here depends on which process or thread asks.</summary>
public static partial class Libc
{
    private const int F_OFD_GETLK = 36;
    private const int F_OFD_SETLK = 37;

    /// <summary>fcntl(F_OFD_GETLK): replaces <paramref name="range"/> by a lock in the way, or by one of type Unlock.</summary>
    public static unsafe Errno GetFileLock(Fd fd, ref FileRangeLock range)
    {
        fixed (FileRangeLock* r = &range)
        {
            return Errno.Of(fcntl_lock(fd.Number, F_OFD_GETLK, r));
        }
    }

    /// <summary>fcntl(F_OFD_SETLK): EAGAIN when another description holds a lock in the way. Never waits.</summary>
    public static unsafe Errno SetFileLock(Fd fd, FileRangeLock range) => Errno.Of(fcntl_lock(fd.Number, F_OFD_SETLK, &range));

    /// <summary>flock(2).</summary>
    public static Errno Flock(Fd fd, FlockOperation operation) => Errno.Of(flock(fd.Number, (int)operation));

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static unsafe partial int fcntl_lock(int fd, int command, FileRangeLock* range);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int flock(int fd, int operation);
}
