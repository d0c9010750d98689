namespace ServiceHost.Linux;

/// <summary>
/// A connected AF_UNIX SOCK_SEQPACKET socket: whole packets, a bound on their size and on their descriptors, and a deadline on
/// every wait. One thread uses it at a time.
/// </summary>
public sealed class SeqpacketSocket : IDisposable
{
    private readonly OwnedFd _fd;
    private readonly bool _receivesCredentials;

    private SeqpacketSocket(OwnedFd fd, bool receivesCredentials)
    {
        _fd = fd;
        _receivesCredentials = receivesCredentials;
    }

    public OwnedFd Handle => _fd;

    /// <summary>Connects to the socket file <paramref name="path"/>. The errno is socket(2)'s, setsockopt(2)'s or connect(2)'s.</summary>
    public static Errno Connect(CString path, SeqpacketOptions options, Deadline deadline, out SeqpacketSocket? socket)
    {
        socket = null;
        Errno errno = Libc.SeqpacketSocket(out OwnedFd fd);
        if (errno.IsOk)
        {
            errno = Apply(fd, options);
        }

        if (errno.IsOk && !deadline.IsNever)
        {
            // A zero timeout would mean "for ever".
            TimeSpan left = deadline.Remaining;
            errno = left == TimeSpan.Zero ? Errno.ETIMEDOUT : Libc.SetSendTimeout(fd, left);
        }

        if (errno.IsOk)
        {
            errno = Libc.ConnectUnix(fd, path.Bytes);
            errno = errno == Errno.EAGAIN ? Errno.ETIMEDOUT : errno;
        }

        return Finish(fd, options, errno, out socket);
    }

    /// <summary>
    /// Takes over an inherited descriptor, the failing one included. ENOTSOCK, EAFNOSUPPORT or EPROTOTYPE when it is not an
    /// AF_UNIX SEQPACKET socket. Options that a service manager may have set on it are set as asked here.
    /// </summary>
    public static Errno Adopt(OwnedFd fd, SeqpacketOptions options, out SeqpacketSocket? socket)
    {
        ArgumentNullException.ThrowIfNull(fd);
        Errno errno = Libc.LocalUnixAddress(fd, out _);
        if (errno.IsOk)
        {
            errno = Libc.IsSeqpacket(fd);
        }

        if (errno.IsOk)
        {
            errno = Apply(fd, options);
        }

        return Finish(fd, options, errno, out socket);
    }

    /// <summary>Whether a descriptor is an AF_UNIX SEQPACKET socket.</summary>
    public static bool IsOne(Fd fd) => Libc.LocalUnixAddress(fd, out _).IsOk && Libc.IsSeqpacket(fd).IsOk;

    public static Errno CreatePair(SeqpacketOptions options, out SeqpacketSocket? first, out SeqpacketSocket? second)
    {
        second = null;
        Errno errno = Libc.SeqpacketPair(out OwnedFd a, out OwnedFd b);
        errno = errno.IsOk ? Apply(a, options) : errno;
        errno = errno.IsOk ? Apply(b, options) : errno;
        errno = Finish(a, options, errno, out first);
        return Finish(b, options, errno, out second);
    }

    /// <summary>The path this end is bound to; for an accepted connection that of the listening socket. Empty when it has none.</summary>
    public Errno GetLocalPath(out byte[] path) => Libc.LocalUnixAddress(_fd, out path);

    /// <summary>SO_PEERCRED. For the connecting side that is who called listen(2), not who accepted.</summary>
    public Errno GetPeer(out PeerCredentials peer) => Libc.GetPeerCredentials(_fd, out peer);

    /// <summary>SO_PEERGROUPS: supplementary groups as the kernel knows them, never looked up by name.</summary>
    public Errno GetPeerGroups(out uint[] groups) => Libc.GetPeerGroups(_fd, out groups);

    /// <summary>SO_PASSRIGHTS off from now on; ENOPROTOOPT where the kernel lacks it. What is queued already is still delivered.</summary>
    public Errno RefuseDescriptors() => Libc.SetSocketOption(_fd, Libc.SocketOption.SO_PASSRIGHTS, 0);

    /// <summary>shutdown(SHUT_WR): the peer reads the end, and can still answer.</summary>
    public Errno EndSending() => Libc.Shutdown(_fd, writing: true);

    /// <summary>
    /// shutdown(SHUT_RD), and throws away what is queued, unread and without taking a descriptor. A socket that is closed with something
    /// unread tells its peer ECONNRESET in place of the last packets that were sent to it.
    /// </summary>
    public Errno EndReceiving()
    {
        Errno errno = Libc.Shutdown(_fd, writing: false);
        while (errno.IsOk && Libc.DiscardPacket(_fd).IsOk)
        {
        }

        return errno;
    }

    /// <summary>Sends one packet. The descriptors stay the caller's.</summary>
    public Errno Send(ReadOnlySpan<byte> packet, ReadOnlySpan<OwnedFd> fds, Deadline deadline)
    {
        while (true)
        {
            Errno errno = Libc.SendPacket(_fd, packet, fds);
            if (errno == Errno.EAGAIN)
            {
                errno = Libc.WaitWritable(_fd, deadline);
                if (errno.IsError)
                {
                    return errno;
                }
            }
            else if (errno != Errno.EINTR)
            {
                return errno;
            }
        }
    }

    /// <summary>
    /// Waits for one packet. ECONNRESET when the peer is gone (an empty packet means the same), ETIMEDOUT at the deadline,
    /// EMSGSIZE when it is larger than <paramref name="maxBytes"/>, EBADMSG when it has more than <paramref name="maxFds"/>
    /// descriptors or the kernel had to drop one.
    /// </summary>
    public Errno Receive(int maxBytes, int maxFds, Deadline deadline, out ReceivedPacket? packet)
    {
        packet = null;
        Errno errno = PeekSize(deadline, out int size);
        if (errno.IsError)
        {
            return errno;
        }

        if (size > maxBytes)
        {
            return Errno.EMSGSIZE;
        }

        byte[] bytes = new byte[size];
        FdList fds = new(maxFds);
        errno = Libc.ReceivePacket(_fd, bytes, fds, _receivesCredentials, out int received, out PeerCredentials? sender);
        if (errno.IsOk && received == size)
        {
            packet = new ReceivedPacket(bytes, fds, sender);
            return Errno.None;
        }

        fds.Dispose();
        return errno.IsOk ? Errno.EBADMSG : errno;
    }

    /// <summary>
    /// SO_ERROR, once: ECONNRESET when the peer has closed its end with packets in it that it had not read. Before anything is received, because an
    /// error goes before packets that are still there.
    /// </summary>
    public Errno TakeError() => Libc.GetSocketOption(_fd, Libc.SocketOption.SO_ERROR, out int error).IsOk ? new Errno(error) : Errno.None;

    public void Dispose() => _fd.Dispose();

    private Errno PeekSize(Deadline deadline, out int size)
    {
        while (true)
        {
            Errno errno = Libc.WaitReadable(_fd, deadline);
            if (errno.IsError)
            {
                size = 0;
                return errno;
            }

            errno = Libc.PeekPacketSize(_fd, out size);
            if (errno != Errno.EAGAIN && errno != Errno.EINTR)
            {
                return errno.IsOk && size == 0 ? Errno.ECONNRESET : errno;
            }
        }
    }

    private static Errno Apply(OwnedFd fd, SeqpacketOptions options)
    {
        bool credentials = options.HasFlag(SeqpacketOptions.ReceiveCredentials);
        Errno errno = Libc.SetSocketOption(fd, Libc.SocketOption.SO_PASSCRED, credentials ? 1 : 0);
        if (errno.IsOk && options.HasFlag(SeqpacketOptions.RefuseDescriptors))
        {
            errno = Libc.SetSocketOption(fd, Libc.SocketOption.SO_PASSRIGHTS, 0);
            errno = errno == Errno.ENOPROTOOPT ? Errno.None : errno;
        }

        return errno;
    }

    private static Errno Finish(OwnedFd fd, SeqpacketOptions options, Errno errno, out SeqpacketSocket? socket)
    {
        if (errno.IsError)
        {
            fd.Dispose();
            socket = null;
            return errno;
        }

        socket = new SeqpacketSocket(fd, options.HasFlag(SeqpacketOptions.ReceiveCredentials));
        return Errno.None;
    }
}
