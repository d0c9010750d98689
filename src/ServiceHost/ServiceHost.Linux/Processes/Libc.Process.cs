namespace ServiceHost.Linux;

/// <summary>Pipes, pidfds, waiting and the prctl calls of the process itself.</summary>
public static unsafe partial class Libc
{
    private const int O_CLOEXEC_PIPE = 0x80000;
    private const int F_DUPFD_CLOEXEC_COMMAND = 1030;
    private const int PR_SET_DUMPABLE = 4;
    private const int P_PIDFD = 3;
    private const int WEXITED = 4;
    private const int WNOHANG = 1;
    private const int CLD_EXITED = 1;
    private const int SiginfoSize = 128;

    /// <summary>pipe2(O_CLOEXEC).</summary>
    public static Errno Pipe(out OwnedFd read, out OwnedFd write)
    {
        int* ends = stackalloc int[2] { -1, -1 };
        Errno errno = Errno.Of(SystemCall.Call(SystemCallNumber.Pipe2, (nint)ends, O_CLOEXEC_PIPE));
        read = OwnedFd.Take(ends[0]);
        write = OwnedFd.Take(ends[1]);
        return errno;
    }

    /// <summary>fcntl(F_DUPFD_CLOEXEC): a second descriptor of the same description, numbered <paramref name="minimum"/> or above.</summary>
    public static Errno DuplicateAbove(Fd fd, int minimum, out OwnedFd duplicate) =>
        TakeFd(SystemCall.Call(SystemCallNumber.Fcntl, fd.Number, F_DUPFD_CLOEXEC_COMMAND, minimum), out duplicate);

    /// <summary>close_range(2), both ends included.</summary>
    public static Errno CloseRange(int first, int last) =>
        Errno.Of(SystemCall.Call(SystemCallNumber.CloseRange, first, last));

    /// <summary>pidfd_open(2).</summary>
    public static Errno PidfdOpen(int pid, out OwnedFd pidfd) =>
        TakeFd(SystemCall.Call(SystemCallNumber.PidfdOpen, pid), out pidfd);

    /// <summary>pidfd_send_signal(2): can never hit another process that got the same pid.</summary>
    public static Errno PidfdSendSignal(Fd pidfd, int signal) =>
        Errno.Of(SystemCall.Call(SystemCallNumber.PidfdSendSignal, pidfd.Number, signal));

    /// <summary>
    /// waitid(P_PIDFD, WEXITED). Without <paramref name="block"/>, <paramref name="status"/> is null while the child runs.
    /// Returns EINTR when a signal handler ran.
    /// </summary>
    public static Errno WaitPidfd(Fd pidfd, bool block, out ExitStatus? status)
    {
        byte* siginfo = stackalloc byte[SiginfoSize];
        new Span<byte>(siginfo, SiginfoSize).Clear();
        Errno errno = Errno.Of(SystemCall.Call(
            SystemCallNumber.Waitid, P_PIDFD, pidfd.Number, (nint)siginfo, WEXITED | (block ? 0 : WNOHANG)));

        // siginfo_t: si_signo, si_errno, si_code, padding, si_pid, si_uid, si_status.
        int* words = (int*)siginfo;
        bool ended = errno.IsOk && words[0] != 0;
        status = ended ? new ExitStatus(words[2] == CLD_EXITED, words[6]) : null;
        return errno;
    }

    /// <summary>
    /// prctl(PR_SET_DUMPABLE, 0): no ptrace by processes of the same uid, and /proc/PID belongs to root. exec sets it back to 1.
    /// </summary>
    public static Errno ForbidDump() => Errno.Of(SystemCall.Call(SystemCallNumber.Prctl, PR_SET_DUMPABLE, 0));

    /// <summary>prlimit(2) on the calling process.</summary>
    public static Errno SetLimit(ResourceLimit limit)
    {
        ulong* pair = stackalloc ulong[2] { limit.Soft, limit.Hard };
        return Errno.Of(SystemCall.Call(SystemCallNumber.Prlimit64, 0, (nint)limit.Resource, (nint)pair));
    }

    /// <summary>prlimit(2), reading.</summary>
    public static Errno GetLimit(ResourceKind resource, out ResourceLimit limit)
    {
        ulong* pair = stackalloc ulong[2];
        Errno errno = Errno.Of(SystemCall.Call(SystemCallNumber.Prlimit64, 0, (nint)resource, 0, (nint)pair));
        limit = new ResourceLimit(resource, pair[0], pair[1]);
        return errno;
    }
}
