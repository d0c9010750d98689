using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Ext4.Corpus.Tests;

/// <summary>
/// Runs work on threads of its own and fails when one image takes too much time of the processor, which does not depend on who else wants it, and
/// when it would take for ever: the thread is left behind then, as a background thread of a test that has already failed.
/// </summary>
internal sealed class Watchdog
{
    private const int CLOCK_THREAD_CPUTIME_ID = 3;

    public static readonly TimeSpan LongestImage = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_forEver = TimeSpan.FromMinutes(3);

    private readonly Lock _stateLock = new();
    private readonly Dictionary<int, (string What, long Since, TimeSpan Processor)> _busy = [];
    private readonly List<Exception> _failures = [];

    /// <summary>Marks the image that the calling thread is busy with from now on.</summary>
    public void Begin(string what)
    {
        lock (_stateLock) _busy[Environment.CurrentManagedThreadId] = (what, Stopwatch.GetTimestamp(), ProcessorTime());
    }

    public void End()
    {
        lock (_stateLock)
        {
            (string what, _, TimeSpan before) = _busy[Environment.CurrentManagedThreadId];
            _busy.Remove(Environment.CurrentManagedThreadId);
            TimeSpan taken = ProcessorTime() - before;
            if (taken > LongestImage) _failures.Add(new TimeoutException($"{what}: {taken.TotalSeconds:f1} s of the processor"));
        }
    }

    public void Run(int threads, Action<int> work)
    {
        Thread[] running = [.. Enumerable.Range(0, threads).Select(i => new Thread(() => Guard(work, i)) { IsBackground = true })];
        foreach (Thread thread in running) thread.Start();
        while (!running.All(thread => thread.Join(TimeSpan.FromMilliseconds(200))))
        {
            if (Overdue() is string what) throw new TimeoutException($"{what}: still running after {s_forEver.TotalSeconds} s");
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

    // Of the calling thread.
    private static TimeSpan ProcessorTime()
    {
        long[] secondsAndNanoseconds = new long[2];
        Assert.Equal(0, clock_gettime(CLOCK_THREAD_CPUTIME_ID, secondsAndNanoseconds));
        return TimeSpan.FromSeconds(secondsAndNanoseconds[0]) + TimeSpan.FromMicroseconds(secondsAndNanoseconds[1] / 1000);
    }

    [DllImport("libc")]
    private static extern int clock_gettime(int clock, [Out] long[] time);

    private string? Overdue()
    {
        lock (_stateLock)
        {
            return _busy.Values.Where(busy => Stopwatch.GetElapsedTime(busy.Since) > s_forEver).Select(busy => busy.What).FirstOrDefault();
        }
    }
}
