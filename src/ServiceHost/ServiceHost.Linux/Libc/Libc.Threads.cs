namespace ServiceHost.Linux;

/// <summary>Threads of this process, as the kernel numbers them.</summary>
public static partial class Libc
{
    /// <summary>gettid(2).</summary>
    public static int ThreadId => (int)SystemCall.Call(SystemCallNumber.Gettid);

    /// <summary>
    /// Whether the kernel still has a thread of this process (tgkill(2) with signal 0). A managed thread is joined a moment before its
    /// end; when this is false the kernel has cancelled whatever the thread had submitted to an io_uring.
    /// </summary>
    public static bool ThreadExists(int threadId) =>
        SystemCall.Call(SystemCallNumber.Tgkill, Environment.ProcessId, threadId, 0) == 0 || Errno.Last != Errno.ESRCH;
}
