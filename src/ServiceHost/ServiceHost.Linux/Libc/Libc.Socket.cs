using System.Runtime.InteropServices;

namespace ServiceHost.Linux;

/// <summary>AF_UNIX sockets, as far as the mount protocol and sd_notify need them.</summary>
public static partial class Libc
{
    private const int AF_UNIX = 1;
    private const int SOCK_DGRAM = 2;
    private const int SOCK_SEQPACKET = 5;
    private const int SOCK_CLOEXEC = 0x80000;
    private const int SOL_SOCKET = 1;
    private const int SHUT_RD = 0;
    private const int SHUT_WR = 1;
    private const short POLLIN = 1;
    private const short POLLOUT = 4;
    private const int SockaddrUnLength = 110;

    /// <summary>The socket options used here (asm-generic/socket.h; the numbers that this libc's headers may lack included).</summary>
    internal enum SocketOption
    {
        SO_TYPE = 3,
        SO_ERROR = 4,
        SO_PASSCRED = 16,
        SO_PEERCRED = 17,
        SO_SNDTIMEO = 21,
        SO_DOMAIN = 39,
        SO_LOCK_FILTER = 44,
        SO_PEERGROUPS = 59,
        SO_PASSRIGHTS = 83,
    }

    internal static Errno SeqpacketSocket(out OwnedFd fd) => UnixSocket(SOCK_SEQPACKET, out fd);

    internal static Errno DatagramSocket(out OwnedFd fd) => UnixSocket(SOCK_DGRAM, out fd);

    internal static unsafe Errno SeqpacketPair(out OwnedFd first, out OwnedFd second)
    {
        first = new OwnedFd();
        second = new OwnedFd();
        int* pair = stackalloc int[2];
        if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
        {
            return Errno.Last;
        }

        first.Set(pair[0]);
        second.Set(pair[1]);
        return Errno.None;
    }

    /// <summary>
    /// connect(2) to a socket file, or to an abstract name when <paramref name="address"/> begins with a NUL. Waits while the
    /// listener's queue is full, for as long as SO_SNDTIMEO says.
    /// </summary>
    internal static unsafe Errno ConnectUnix(Fd socket, ReadOnlySpan<byte> address)
    {
        byte* name = stackalloc byte[SockaddrUnLength];
        Span<byte> buffer = new(name, SockaddrUnLength);
        buffer.Clear();
        Span<byte> path = buffer[sizeof(ushort)..];
        if (address.IsEmpty || address.Length >= path.Length)
        {
            return Errno.ENAMETOOLONG;
        }

        MemoryMarshal.Write(buffer, (ushort)AF_UNIX);
        address.CopyTo(path);
        bool isAbstract = address[0] == 0;
        int length = sizeof(ushort) + address.Length + (isAbstract ? 0 : 1);
        return Errno.Of(connect(socket.Number, name, (uint)length));
    }

    /// <summary>getsockname(2): the path without its NUL; empty for a socket without a name. EAFNOSUPPORT when it is not AF_UNIX.</summary>
    internal static unsafe Errno LocalUnixAddress(Fd socket, out byte[] path)
    {
        path = [];
        byte* name = stackalloc byte[SockaddrUnLength];
        uint length = SockaddrUnLength;
        if (getsockname(socket.Number, name, &length) < 0)
        {
            return Errno.Last;
        }

        ReadOnlySpan<byte> address = new(name, (int)Math.Min(length, SockaddrUnLength));
        if (address.Length < sizeof(ushort) || MemoryMarshal.Read<ushort>(address) != AF_UNIX)
        {
            return Errno.EAFNOSUPPORT;
        }

        ReadOnlySpan<byte> sunPath = address[sizeof(ushort)..];
        bool isAbstract = !sunPath.IsEmpty && sunPath[0] == 0;
        int end = isAbstract ? -1 : sunPath.IndexOf((byte)0);
        path = (end < 0 ? sunPath : sunPath[..end]).ToArray();
        return Errno.None;
    }

    /// <summary>EPROTOTYPE when it is a socket of another type.</summary>
    internal static Errno IsSeqpacket(Fd socket)
    {
        Errno errno = GetSocketOption(socket, SocketOption.SO_TYPE, out int type);
        return errno.IsOk && type != SOCK_SEQPACKET ? Errno.EPROTOTYPE : errno;
    }

    internal static unsafe Errno GetSocketOption(Fd socket, SocketOption option, out int value)
    {
        int result = 0;
        uint length = sizeof(int);
        Errno errno = Errno.Of(getsockopt(socket.Number, SOL_SOCKET, (int)option, &result, &length));
        value = result;
        return errno;
    }

    internal static unsafe Errno SetSocketOption(Fd socket, SocketOption option, int value) =>
        Errno.Of(setsockopt(socket.Number, SOL_SOCKET, (int)option, &value, sizeof(int)));

    /// <summary>
    /// SO_LOCK_FILTER: no packet filter can be attached to this socket any more, by nobody who has it. What is no socket is left as it is.
    /// </summary>
    public static Errno LockPacketFilter(Fd fd)
    {
        Errno errno = SetSocketOption(fd, SocketOption.SO_LOCK_FILTER, 1);
        return errno == Errno.ENOTSOCK || errno == Errno.EBADF ? Errno.None : errno;
    }

    /// <summary>SO_SNDTIMEO, which also bounds a connect(2) that has to wait for the listener's queue.</summary>
    internal static unsafe Errno SetSendTimeout(Fd socket, TimeSpan timeout)
    {
        long* timeval = stackalloc long[2];
        timeval[0] = (long)timeout.TotalSeconds;
        timeval[1] = timeout.Microseconds + (1000L * timeout.Milliseconds);
        return Errno.Of(setsockopt(socket.Number, SOL_SOCKET, (int)SocketOption.SO_SNDTIMEO, timeval, 2 * sizeof(long)));
    }

    internal static Errno Shutdown(Fd socket, bool writing) => Errno.Of(shutdown(socket.Number, writing ? SHUT_WR : SHUT_RD));

    internal static unsafe Errno GetPeerCredentials(Fd socket, out PeerCredentials credentials)
    {
        PeerCredentials result = default;
        uint length = (uint)sizeof(PeerCredentials);
        Errno errno = Errno.Of(getsockopt(socket.Number, SOL_SOCKET, (int)SocketOption.SO_PEERCRED, &result, &length));
        credentials = result;
        return errno;
    }

    /// <summary>SO_PEERGROUPS: the supplementary groups of whoever connected. The kernel tells the size with ERANGE.</summary>
    internal static unsafe Errno GetPeerGroups(Fd socket, out uint[] groups)
    {
        groups = [];
        uint length = 0;
        Errno errno = Errno.Of(getsockopt(socket.Number, SOL_SOCKET, (int)SocketOption.SO_PEERGROUPS, null, &length));
        if (errno != Errno.ERANGE)
        {
            return errno;
        }

        uint[] result = new uint[length / sizeof(uint)];
        fixed (uint* p = result)
        {
            errno = Errno.Of(getsockopt(socket.Number, SOL_SOCKET, (int)SocketOption.SO_PEERGROUPS, p, &length));
        }

        groups = errno.IsOk ? result[..(int)(length / sizeof(uint))] : [];
        return errno;
    }

    /// <summary>Waits until the socket can be read (or its peer is gone). ETIMEDOUT at the deadline; EINTR is retried.</summary>
    internal static Errno WaitReadable(Fd socket, Deadline deadline) => WaitSocket(socket, POLLIN, deadline);

    /// <summary>Waits until a packet can be queued (or the peer is gone). ETIMEDOUT at the deadline; EINTR is retried.</summary>
    internal static Errno WaitWritable(Fd socket, Deadline deadline) => WaitSocket(socket, POLLOUT, deadline);

    private static unsafe Errno WaitSocket(Fd socket, short events, Deadline deadline)
    {
        while (true)
        {
            SocketPollFd entry = new() { Fd = socket.Number, Events = events };
            int ready = poll_socket(&entry, 1, deadline.PollMilliseconds);
            if (ready > 0)
            {
                return Errno.None;
            }

            Errno errno = Errno.Of(ready);
            if (errno.IsOk && deadline.HasPassed)
            {
                return Errno.ETIMEDOUT;
            }

            if (errno.IsError && errno != Errno.EINTR)
            {
                return errno;
            }
        }
    }

    private static Errno UnixSocket(int type, out OwnedFd fd)
    {
        fd = new OwnedFd();
        int number = socket(AF_UNIX, type | SOCK_CLOEXEC, 0);
        Errno errno = Errno.Of(number);
        fd.Set(number);
        return errno;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct SocketPollFd
    {
        public int Fd;
        public short Events;
        public short Revents;
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int socket(int domain, int type, int protocol);

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial int socketpair(int domain, int type, int protocol, int* pair);

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial int connect(int fd, byte* address, uint length);

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial int getsockname(int fd, byte* address, uint* length);

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial int getsockopt(int fd, int level, int name, void* value, uint* length);

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial int setsockopt(int fd, int level, int name, void* value, uint length);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int shutdown(int fd, int how);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    private static unsafe partial int poll_socket(SocketPollFd* entries, nuint count, int milliseconds);
}
