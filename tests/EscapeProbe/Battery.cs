using System.Runtime.CompilerServices;
using System.Text;

namespace EscapeProbe;

/// <summary>All attempts, one after the other, on a thread of choice. The result is a line per attempt: its name, ": ", what came of it.</summary>
internal sealed class Battery(Targets targets)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private IReadOnlyList<Attempt> Attempts { get; } =
    [
        .. PathAttempts.All(targets),
        .. ChangeAttempts.All(targets),
        .. ProcessAttempts.All(targets),
        .. NamespaceAttempts.All(targets),
        .. IdentityAttempts.All(),
        .. MemoryAttempts.All(),
        .. KernelAttempts.All(),
        .. SocketAttempts.All(),
        .. TreeAttempts.All(targets),
    ];

    /// <summary>On the calling thread.</summary>
    public string RunHere()
    {
        StringBuilder lines = new();
        foreach (Attempt attempt in Attempts)
        {
            lines.Append(attempt.Name).Append(": ").Append(attempt.Try()).Append('\n');
        }

        return lines.ToString();
    }

    /// <summary>Each on a thread of its own: what works there changes the thread, not what the next one finds.</summary>
    public string RunApart()
    {
        StringBuilder lines = new();
        foreach (Attempt attempt in Attempts)
        {
            string result = "";
            Thread thread = new(() => result = attempt.Try());
            thread.Start();
            thread.Join();
            lines.Append(attempt.Name).Append(": ").Append(result).Append('\n');
        }

        return lines.ToString();
    }

    public string RunOnPool() => Task.Run(RunHere).WaitAsync(s_patience).GetAwaiter().GetResult();

    /// <summary>The runtime's own thread, which no code of a server starts.</summary>
    public string RunOnFinalizer()
    {
        TaskCompletionSource<string> done = new();
        Abandon(this, done);
        while (!done.Task.IsCompleted)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        return done.Task.GetAwaiter().GetResult();
    }

    // In a frame of its own, so that nothing keeps the object alive.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Abandon(Battery battery, TaskCompletionSource<string> done) => _ = new Dying(battery, done);

    private sealed class Dying(Battery battery, TaskCompletionSource<string> done)
    {
        ~Dying() => done.SetResult(battery.RunHere());
    }
}
