using System.Runtime.InteropServices;

namespace ServiceHost.Linux;

/// <summary>epoll(7), eventfd(2) and O_NONBLOCK: what a thread needs to sleep on a descriptor and be called off.</summary>
public static partial class Libc
{
    private const int EPOLL_CLOEXEC = 0x8_0000;
    private const int EPOLL_CTL_ADD = 1;
    private const uint EPOLLIN = 0x1;
    private const uint EPOLLEXCLUSIVE = 1u << 28;
    private const int EFD_CLOEXEC = 0x8_0000;
    private const int EFD_NONBLOCK = 0x800;
    private const int F_GETFL = 3;
    private const int F_SETFL = 4;
    private const int O_NONBLOCK = 0x800;

    public static Errno EpollCreate(out OwnedFd epoll)
    {
        int number = epoll_create1(EPOLL_CLOEXEC);
        Errno errno = Errno.Of(number);
        epoll = OwnedFd.Take(number);
        return errno;
    }

    /// <summary>
    /// EPOLL_CTL_ADD for reading. With <paramref name="exclusive"/>, an event wakes only one of all the epoll descriptors that watch the same
    /// file, where a plain one would wake every sleeper.
    /// </summary>
    public static unsafe Errno EpollAdd(Fd epoll, Fd watched, bool exclusive)
    {
        // struct epoll_event is packed on x86-64 and aligned elsewhere; 16 bytes with the events first serve both, and the data is not used.
        ulong* happening = stackalloc ulong[2];
        happening[0] = EPOLLIN | (exclusive ? EPOLLEXCLUSIVE : 0);
        happening[1] = 0;
        return Errno.Of(epoll_ctl(epoll.Number, EPOLL_CTL_ADD, watched.Number, happening));
    }

    /// <summary>Sleeps until one of the watched descriptors has something; which one is for the caller to find out. EINTR is the caller's.</summary>
    public static unsafe Errno EpollWait(Fd epoll)
    {
        ulong* happening = stackalloc ulong[2];
        return Errno.Of(epoll_wait(epoll.Number, happening, 1, -1));
    }

    /// <summary>eventfd(2), not blocking, at zero.</summary>
    public static Errno Eventfd(out OwnedFd eventfd)
    {
        int number = Libc.eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
        Errno errno = Errno.Of(number);
        eventfd = OwnedFd.Take(number);
        return errno;
    }

    /// <summary>Sets O_NONBLOCK, which belongs to the open file and so to every duplicate of the descriptor.</summary>
    public static Errno SetNonBlocking(Fd fd)
    {
        int flags = fcntl_int(fd.Number, F_GETFL, 0);
        return flags < 0 ? Errno.Last : Errno.Of(fcntl_int(fd.Number, F_SETFL, flags | O_NONBLOCK));
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int epoll_create1(int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial int epoll_ctl(int epoll, int operation, int fd, void* happening);

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial int epoll_wait(int epoll, void* happening, int count, int timeout);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int eventfd(uint initial, int flags);
}
