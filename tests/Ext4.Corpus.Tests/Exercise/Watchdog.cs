using System.Diagnostics;

namespace Ext4.Corpus.Tests;

/// <summary>
/// Runs work on threads of its own and fails when one image takes too long, also when it would take for ever: the thread is left behind
/// then, as a background thread of a test that has already failed.
/// </summary>
internal sealed class Watchdog
{
    public static readonly TimeSpan LongestImage = TimeSpan.FromSeconds(5);

    private readonly Lock _stateLock = new();
    private readonly Dictionary<int, (string What, long Since)> _busy = [];
    private readonly List<Exception> _failures = [];

    /// <summary>Marks the image that the calling thread is busy with from now on.</summary>
    public void Begin(string what)
    {
        lock (_stateLock) _busy[Environment.CurrentManagedThreadId] = (what, Stopwatch.GetTimestamp());
    }

    public void End()
    {
        lock (_stateLock)
        {
            (string what, long since) = _busy[Environment.CurrentManagedThreadId];
            _busy.Remove(Environment.CurrentManagedThreadId);
            TimeSpan taken = Stopwatch.GetElapsedTime(since);
            if (taken > LongestImage) _failures.Add(new TimeoutException($"{what}: {taken.TotalSeconds:f1} s"));
        }
    }

    public void Run(int threads, Action<int> work)
    {
        Thread[] running = [.. Enumerable.Range(0, threads).Select(i => new Thread(() => Guard(work, i)) { IsBackground = true })];
        foreach (Thread thread in running) thread.Start();
        while (!running.All(thread => thread.Join(TimeSpan.FromMilliseconds(200))))
        {
            if (Overdue() is string what) throw new TimeoutException($"{what}: still running after twice {LongestImage.TotalSeconds} s");
        }

        if (_failures.Count != 0) throw new AggregateException(_failures.Take(5));
    }

    private void Guard(Action<int> work, int index)
    {
        try
        {
            work(index);
        }
        catch (Exception failure)
        {
            lock (_stateLock) _failures.Add(failure);
        }
        finally
        {
            lock (_stateLock) _busy.Remove(Environment.CurrentManagedThreadId);
        }
    }

    private string? Overdue()
    {
        lock (_stateLock)
        {
            return _busy.Values.Where(busy => Stopwatch.GetElapsedTime(busy.Since) > 2 * LongestImage).Select(busy => busy.What).FirstOrDefault();
        }
    }
}
