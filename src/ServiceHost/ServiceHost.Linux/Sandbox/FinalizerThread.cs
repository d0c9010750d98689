using System.Runtime.CompilerServices;

namespace ServiceHost.Linux;

/// <summary>
/// The runtime's own thread, which no code of ours starts and which keeps whatever was dropped elsewhere. It can be reached in one way:
/// an object that dies is finalized on it.
/// </summary>
public sealed class FinalizerThread
{
    private const int Attempts = 3;
    private static Action? s_task;

    private FinalizerThread()
    {
    }

    ~FinalizerThread() => Interlocked.Exchange(ref s_task, null)?.Invoke();

    /// <summary>What the finalizer thread says of itself; null when it does not answer.</summary>
    public static ThreadRestrictions? Ask()
    {
        ThreadRestrictions? answer = null;
        return Run(() => Volatile.Write(ref answer, ThreadRestrictions.ReadOwn())) ? Volatile.Read(ref answer) : null;
    }

    /// <summary>Has the finalizer thread do something that throws nothing. False when it does not.</summary>
    public static bool Run(Action task)
    {
        bool done = false;
        s_task = () =>
        {
            task();
            Volatile.Write(ref done, true);
        };
        for (int i = 0; i < Attempts && !Volatile.Read(ref done); i++)
        {
            Abandon();
            GC.Collect(0);
            GC.WaitForPendingFinalizers();
        }

        return Volatile.Read(ref done);
    }

    // In a frame of its own, so that no register still holds the object.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Abandon() => _ = new FinalizerThread();
}
