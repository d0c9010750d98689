using System.Runtime.InteropServices;
using ServiceHost.Linux;

namespace ServiceHost.Fuse.Tests.Kernel;

/// <summary>What a program does to a mount, by path, with an errno as the result.</summary>
internal static class Caller
{
    public const int SIGUSR1 = 10;

    public static CString Path(byte[] path) => CString.FromTerminated(path);

    public static Errno Mknod(string path, uint mode, ulong device) =>
        Libc.Mknodat(Fd.Cwd, Path(CString.Allocate(path)), mode, device);

    public static Errno Symlink(string target, string path) =>
        Libc.Symlinkat(Path(CString.Allocate(target)), Fd.Cwd, Path(CString.Allocate(path)));

    public static Errno Link(string from, string to) =>
        Libc.Linkat(Fd.Cwd, Path(CString.Allocate(from)), Fd.Cwd, Path(CString.Allocate(to)), 0);

    public static Errno Unlink(string path) => Libc.Unlinkat(Fd.Cwd, Path(CString.Allocate(path)), 0);

    public static Errno Rename(string from, string to, RenameFlags flags) =>
        Libc.Renameat2(Fd.Cwd, Path(CString.Allocate(from)), Fd.Cwd, Path(CString.Allocate(to)), flags);

    public static Statx Stat(string path, StatxMask mask = StatxMask.BasicStats)
    {
        KernelMount.Check(Libc.Statx(Fd.Cwd, Path(CString.Allocate(path)), AtFlags.SymlinkNoFollow, mask, out Statx result));
        return result;
    }

    /// <summary>Runs a call in a thread of its own; <paramref name="thread"/> is its id, for a signal.</summary>
    public static Task<Errno> InThread(Func<Errno> call, out int thread)
    {
        using ManualResetEventSlim started = new();
        TaskCompletionSource<Errno> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        int id = 0;
        new Thread(() =>
        {
            id = gettid();
            started.Set();
            done.SetResult(call());
        }) { IsBackground = true }.Start();
        started.Wait();
        thread = id;
        return done.Task;
    }

    public static int Access(string path, int mode) => access(CString.Allocate(path), mode);

    /// <summary>
    /// Sends a signal that has a handler which does nothing (libc's abs) and does not restart system calls, as a shell's Ctrl-C would end
    /// a wait without ending the program.
    /// </summary>
    public static void Interrupt(int thread)
    {
        byte[] action = new byte[152];
        BitConverter.TryWriteBytes(action, NativeLibrary.GetExport(NativeLibrary.Load("libc.so.6"), "abs"));
        Assert.Equal(0, sigaction(SIGUSR1, action, 0));

        // The thread may have ended in the meantime.
        _ = tgkill(Environment.ProcessId, thread, SIGUSR1);
    }

    [DllImport("libc")]
    private static extern int gettid();

    [DllImport("libc", SetLastError = true)]
    private static extern int access(byte[] path, int mode);

    [DllImport("libc", SetLastError = true)]
    private static extern int tgkill(int process, int thread, int signal);

    [DllImport("libc", SetLastError = true)]
    private static extern int sigaction(int signal, byte[] action, nint old);

    [DllImport("libc", SetLastError = true)]
    private static extern int poll(byte[] fds, nuint count, int timeout);

    /// <summary>poll(2) for reading: the revents, or 0 after the timeout.</summary>
    public static short PollForReading(OwnedFd fd, int milliseconds)
    {
        byte[] entry = new byte[8];
        BitConverter.TryWriteBytes(entry, fd.Number);
        entry[4] = 1;
        Assert.InRange(poll(entry, 1, milliseconds), 0, 1);
        return BitConverter.ToInt16(entry, 6);
    }
}
