using System.Globalization;
using System.Text;
using ServiceHost.Linux;

namespace MountHelper.FuserviceMount;

/// <summary>
/// Starts this program a second time with an empty environment and with its signals blocked. The environment is the caller's, and the
/// runtime, the loader and the C library obey it; and the threads that the runtime made before Main would still receive the signals, so
/// that only a process that begins with them blocked can take them from a descriptor, between two steps instead of within one.
/// </summary>
internal static class CleanStart
{
    /// <summary>These end the mount: it is rolled back.</summary>
    private static readonly SignalSet s_stopping = SignalSet.Of(
        Signal.SIGHUP, Signal.SIGINT, Signal.SIGQUIT, Signal.SIGTERM, Signal.SIGALRM, Signal.SIGUSR1, Signal.SIGUSR2,
        Signal.SIGVTALRM, Signal.SIGPROF, Signal.SIGXCPU, Signal.SIGIO, Signal.SIGPWR);

    /// <summary>These have an errno that says the same (EPIPE, EFBIG), or would stop us in the middle with a server waiting.</summary>
    private static readonly SignalSet s_silent = SignalSet.Of(
        Signal.SIGPIPE, Signal.SIGXFSZ, Signal.SIGTSTP, Signal.SIGTTIN, Signal.SIGTTOU);

    /// <summary>
    /// Returns in the second start only, with the descriptor that shows stopping signals. Signals that the caller ignores (nohup) stay
    /// ignored. When the second start is impossible the first goes on: a signal then ends it at once, and the kernel rolls back what
    /// only descriptors hold.
    /// </summary>
    public static OwnedFd Ensure(RawArguments arguments)
    {
        SignalSet wanted = new(s_stopping.Bits | s_silent.Bits);
        Errno errno = Libc.BlockSignals(wanted, out SignalSet before);
        bool clean = before.Contains(wanted) && ProcFile.Read("/proc/self/environ\0"u8, out byte[] environment).IsOk && environment.Length == 0;
        if (errno.IsOk && !clean)
        {
            Libc.Execve(CString.FromTerminated("/proc/self/exe\0"u8), arguments.Vector, []);
        }

        OwnedFd? descriptor = null;
        errno = errno.IsError ? errno : Libc.Signalfd(s_stopping.Without(Ignored()), out descriptor);
        return errno.IsOk ? descriptor! : throw new MountFailedException("cannot watch for signals", errno);
    }

    private static SignalSet Ignored() =>
        ProcFile.Read("/proc/self/status\0"u8, out byte[] status).IsOk
        && ProcFile.TryField(status, "SigIgn:"u8, out ReadOnlySpan<byte> mask)
        && ulong.TryParse(Encoding.ASCII.GetString(mask), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out ulong bits)
            ? new SignalSet(bits)
            : SignalSet.Empty;
}
