using System.Diagnostics;

namespace Integration.Tests.Support;

/// <summary>Waits for a state that has no event to wait on, with a bound.</summary>
internal static class Wait
{
    public static bool Until(Func<bool> condition, TimeSpan limit)
    {
        long start = Stopwatch.GetTimestamp();
        using ManualResetEventSlim pause = new();
        while (!condition())
        {
            if (Stopwatch.GetElapsedTime(start) > limit)
            {
                return false;
            }

            pause.Wait(TimeSpan.FromMilliseconds(10));
        }

        return true;
    }

    public static void For(string what, Func<bool> condition) =>
        Assert.True(Until(condition, TimeSpan.FromSeconds(15)), $"Waited 15 s in vain: {what}.");
}
