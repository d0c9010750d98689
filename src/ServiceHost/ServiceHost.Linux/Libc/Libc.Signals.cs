using System.Runtime.InteropServices;

namespace ServiceHost.Linux;

/// <summary>
/// Signals as descriptors. A mask belongs to one thread and the runtime's threads exist before Main, so a process that wants its
/// signals only from a signalfd must start with them blocked: it blocks them and executes itself once.
/// </summary>
public static unsafe partial class Libc
{
    private const int SIG_BLOCK = 0;
    private const int SFD_CLOEXEC = 0x8_0000;
    private const int SFD_NONBLOCK = 0x800;
    private const int SignalInfoSize = 128;

    /// <summary>pthread_sigmask(SIG_BLOCK) for the calling thread; <paramref name="before"/> is the mask it had.</summary>
    public static Errno BlockSignals(SignalSet signals, out SignalSet before)
    {
        // glibc's sigset_t has 1024 bits; the kernel's, the first 64, come first.
        ulong* set = stackalloc ulong[16];
        ulong* old = stackalloc ulong[16];
        new Span<ulong>(set, 16).Clear();
        set[0] = signals.Bits;
        Errno errno = new(pthread_sigmask(SIG_BLOCK, set, old));
        before = new SignalSet(errno.IsOk ? old[0] : 0);
        return errno;
    }

    /// <summary>signalfd(2), not blocking: readable while one of <paramref name="signals"/> is pending.</summary>
    public static Errno Signalfd(SignalSet signals, out OwnedFd fd)
    {
        ulong* set = stackalloc ulong[16];
        new Span<ulong>(set, 16).Clear();
        set[0] = signals.Bits;
        int number = signalfd(-1, set, SFD_CLOEXEC | SFD_NONBLOCK);
        Errno errno = Errno.Of(number);
        fd = OwnedFd.Take(number);
        return errno;
    }

    /// <summary>Takes one pending signal off a signalfd. EAGAIN when there is none.</summary>
    public static Errno ReadSignal(Fd signalfd, out Signal signal)
    {
        Span<byte> info = stackalloc byte[SignalInfoSize];
        info.Clear();
        Errno errno = Read(signalfd, info, out _);
        signal = (Signal)MemoryMarshal.Read<uint>(info);
        return errno;
    }

    [LibraryImport("libc")]
    private static partial int pthread_sigmask(int how, ulong* set, ulong* old);

    [LibraryImport("libc", EntryPoint = "signalfd", SetLastError = true)]
    private static partial int signalfd(int fd, ulong* mask, int flags);
}
