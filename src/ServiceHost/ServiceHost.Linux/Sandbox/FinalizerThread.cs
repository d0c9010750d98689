using System.Runtime.CompilerServices;

namespace ServiceHost.Linux;

/// <summary>
/// The runtime's own thread, which no code of ours starts and which keeps whatever was dropped elsewhere. It can be asked in one way:
/// an object that dies is finalized on it.
/// </summary>
public sealed class FinalizerThread
{
    private const int Attempts = 3;
    private static volatile ThreadRestrictions? s_answer;

    private FinalizerThread()
    {
    }

    ~FinalizerThread() => s_answer = ThreadRestrictions.ReadOwn();

    /// <summary>What the finalizer thread says of itself; null when it does not answer.</summary>
    public static ThreadRestrictions? Ask()
    {
        s_answer = null;
        for (int i = 0; i < Attempts && s_answer is null; i++)
        {
            Abandon();
            GC.Collect(0);
            GC.WaitForPendingFinalizers();
        }

        return s_answer;
    }

    // In a frame of its own, so that no register still holds the object.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Abandon() => _ = new FinalizerThread();
}
