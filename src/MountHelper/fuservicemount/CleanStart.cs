using System.Globalization;
using System.Text;
using ServiceHost.Linux;

namespace MountHelper.FuserviceMount;

/// <summary>
/// Has the work begin without anything of the caller's that could change it. The environment is the caller's, and the runtime, the loader
/// and the C library obey it. And the threads that the runtime made before Main receive signals, too: only when all have them blocked can they be
/// taken from a descriptor, between two steps instead of within one. For an ordinary caller both can be had in this process, at once; for
/// any other this program starts a second time, with an empty environment and its signals blocked.
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
    /// Returns the descriptor that shows stopping signals. Signals that the caller ignores (nohup) stay ignored. When the second start is
    /// impossible the first goes on: a signal then ends it at once, and the kernel rolls back what only descriptors hold.
    /// </summary>
    public static OwnedFd Ensure(RawArguments arguments)
    {
        SignalSet wanted = new(s_stopping.Bits | s_silent.Bits);
        Errno errno = Libc.BlockSignals(wanted, out SignalSet before);
        bool clean = HarmlessEnvironment.IsAll() && (before.Contains(wanted) || IsBlockedEverywhere(wanted));
        if (errno.IsOk && !clean)
        {
            Libc.Execve(CString.FromTerminated("/proc/self/exe\0"u8), arguments.Vector, []);
        }

        OwnedFd? descriptor = null;
        errno = errno.IsError ? errno : Libc.Signalfd(s_stopping.Without(Ignored()), out descriptor);
        return errno.IsOk ? descriptor! : throw new MountFailedException("cannot watch for signals", errno);
    }

    /// <summary>The finalizer thread is asked to block them, too; every thread is looked at, whoever made it. Those that come later inherit the mask.</summary>
    private static bool IsBlockedEverywhere(SignalSet wanted) =>
        FinalizerThread.Run(() => Libc.BlockSignals(wanted, out _))
        && StateDirectory.List(Fd.Cwd, CString.FromTerminated("/proc/self/task\0"u8), out List<string> threads).IsOk
        && threads.TrueForAll(thread => Mask($"/proc/self/task/{thread}/status\0", "SigBlk:"u8).Contains(wanted));

    private static SignalSet Ignored() => Mask("/proc/self/status\0", "SigIgn:"u8);

    /// <summary>Empty when it cannot be read.</summary>
    private static SignalSet Mask(string path, ReadOnlySpan<byte> field) =>
        ProcFile.Read(Encoding.ASCII.GetBytes(path), out byte[] status).IsOk
        && ProcFile.TryField(status, field, out ReadOnlySpan<byte> mask)
        && ulong.TryParse(Encoding.ASCII.GetString(mask), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out ulong bits)
            ? new SignalSet(bits)
            : SignalSet.Empty;
}
