namespace ServiceHost.Linux;

/// <summary>
/// Attempts that a contained process must fail in. Each is harmless when it succeeds, and where a filter should refuse it the
/// arguments are such that the kernel itself would answer with another errno than EPERM.
/// </summary>
public static class ContainmentProbe
{
    private const int AF_UNIX = 1;
    private const int SOCK_STREAM_CLOEXEC = 1 | 0x8_0000;
    private const int CLONE_NEWUSER = 0x1000_0000;
    private const int PROT_READ_WRITE = 3;
    private const int PROT_EXEC = 4;
    private const int MAP_PRIVATE_ANONYMOUS = 0x22;
    private const int PageSize = 4096;
    private const int PR_GET_DUMPABLE = 3;

    /// <summary>Opens and closes a socket.</summary>
    public static Errno OpenSocket()
    {
        long number = SystemCall.Call(SystemCallNumber.Socket, AF_UNIX, SOCK_STREAM_CLOEXEC);
        Errno errno = Errno.Of(number);
        return errno.IsError ? errno : Libc.CloseNumber((int)number);
    }

    /// <summary>An exec of nothing: EFAULT or EBADF from the kernel.</summary>
    public static Errno Execute() => Errno.Of(SystemCall.Call(SystemCallNumber.Execveat, -1));

    /// <summary>A new user namespace: EINVAL from the kernel, because the process has threads.</summary>
    public static Errno NestUserNamespace() => Errno.Of(SystemCall.Call(SystemCallNumber.Unshare, CLONE_NEWUSER));

    /// <summary>Choosing CPUs with an empty set: EFAULT or EINVAL from the kernel.</summary>
    public static Errno ChooseCpus() => Errno.Of(SystemCall.Call(SystemCallNumber.SchedSetaffinity));

    /// <summary>A set-user-ID bit for no file: EBADF from the kernel.</summary>
    public static Errno MakeSetUserId() => Errno.Of(SystemCall.Call(SystemCallNumber.Fchmod, -1, (nint)ModeBits.SetUserId));

    /// <summary>An io_uring of no description: EFAULT from the kernel, or EPERM where it is switched off.</summary>
    public static Errno MakeRing() => Errno.Of(SystemCall.Call(SystemCallNumber.IoUringSetup, 1));

    /// <summary>A registration with no ring: EBADF or EINVAL from the kernel.</summary>
    public static Errno ChangeRing() => Errno.Of(SystemCall.Call(SystemCallNumber.IoUringRegister, -1));

    /// <summary>Maps a page that is writable and executable.</summary>
    public static Errno MapExecutable() => Map(PROT_READ_WRITE | PROT_EXEC, out _);

    /// <summary>Makes a writable page executable afterwards.</summary>
    public static Errno MakeExecutable()
    {
        Errno errno = Map(PROT_READ_WRITE, out nint address);
        if (errno.IsError)
        {
            return errno;
        }

        Errno changed = Errno.Of(SystemCall.Call(SystemCallNumber.Mprotect, address, PageSize, PROT_READ_WRITE | PROT_EXEC));
        errno = Errno.Of(SystemCall.Call(SystemCallNumber.Munmap, address, PageSize));
        return errno.IsError ? errno : changed;
    }

    /// <summary>prctl(PR_GET_DUMPABLE): whether a tracer of the same uid, or a core, may have this process' memory.</summary>
    public static bool IsDumpable => SystemCall.Call(SystemCallNumber.Prctl, PR_GET_DUMPABLE) != 0;

    /// <summary>Whether this process leads a session, so that no terminal of whoever started it is its own.</summary>
    public static bool LeadsSession => SystemCall.Call(SystemCallNumber.Getsid) == Environment.ProcessId;

    private static Errno Map(int protection, out nint address)
    {
        address = (nint)SystemCall.Call(SystemCallNumber.Mmap, 0, PageSize, protection, MAP_PRIVATE_ANONYMOUS, -1);
        Errno errno = Errno.Of(address);
        if (errno.IsOk && (protection & PROT_EXEC) != 0)
        {
            SystemCall.Call(SystemCallNumber.Munmap, address, PageSize);
        }

        return errno;
    }
}
