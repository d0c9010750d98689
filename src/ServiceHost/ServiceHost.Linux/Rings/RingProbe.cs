namespace ServiceHost.Linux;

/// <summary>
/// Attempts that a restricted ring must refuse (EACCES). Each is harmless when it succeeds: elsewhere the kernel answers with another errno
/// or with a socket, which is closed. For a ring on which nothing is under way.
/// </summary>
public static class RingProbe
{
    private const int AF_UNIX = 1;
    private const int SOCK_STREAM = 1;

    /// <summary>IORING_OP_SOCKET.</summary>
    public static Errno OpenSocket(IoUring ring)
    {
        Errno errno = Try(ring, new SubmissionEntry { Opcode = RingOpcode.Socket, Fd = AF_UNIX, Offset = SOCK_STREAM }, out int socket);
        return errno.IsError ? errno : Libc.CloseNumber(socket);
    }

    /// <summary>IORING_OP_OPENAT of no path: EFAULT.</summary>
    public static Errno OpenNothing(IoUring ring) => Try(ring, new SubmissionEntry { Opcode = RingOpcode.Openat, Fd = -1 }, out _);

    /// <summary>IORING_OP_CONNECT of no socket: EBADF, or EFAULT for its missing address.</summary>
    public static Errno ConnectNothing(IoUring ring) => Try(ring, new SubmissionEntry { Opcode = RingOpcode.Connect, Fd = -1 }, out _);

    private static Errno Try(IoUring ring, in SubmissionEntry entry, out int result)
    {
        ArgumentNullException.ThrowIfNull(ring);
        result = 0;
        if (!ring.TryAdd(entry, []))
        {
            return Errno.EBUSY;
        }

        Errno errno = ring.Submit(waitFor: 1);
        if (errno.IsError || !ring.TryTake(out RingCompletion completion))
        {
            return errno.IsError ? errno : Errno.EAGAIN;
        }

        result = completion.Result;
        return completion.Errno;
    }
}
