using System.Diagnostics;

namespace Bench.Workloads;

/// <summary>Threads that start together.</summary>
internal static class Crew
{
    /// <summary>Runs <paramref name="work"/> in each of <paramref name="threads"/> threads at once; seconds until the last one was done.</summary>
    public static double Time(int threads, Action<int> work)
    {
        using Barrier start = new(threads + 1);
        Exception? failure = null;
        Thread[] crew = [.. Enumerable.Range(0, threads).Select(index => new Thread(() =>
        {
            start.SignalAndWait();
            try
            {
                work(index);
            }
            catch (Exception exception) when (exception is BenchException or IOException or UnauthorizedAccessException)
            {
                failure = exception;
            }
        }))];
        foreach (Thread thread in crew)
        {
            thread.Start();
        }

        start.SignalAndWait();
        long began = Stopwatch.GetTimestamp();
        foreach (Thread thread in crew)
        {
            thread.Join();
        }

        double seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        return failure is null ? seconds : throw new BenchException(failure.Message, failure);
    }
}
