using System.Diagnostics;

namespace Tests.Shared;

/// <summary>
/// Waits for a state that has no event to wait on, with a bound: one that no machine reaches that is merely slow or busy, because what passes does not
/// wait for it.
/// </summary>
internal static class Wait
{
    /// <summary>For waits of other kinds, too.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Fails the test with <paramref name="what"/> when it does not come.</summary>
    public static void For(string what, Func<bool> condition) => Assert.True(Until(condition, Patience), $"waited in vain for {what}");

    public static T For<T>(Func<T> read, Func<T, bool> isThere)
    {
        T value = read();
        Assert.True(Until(() => isThere(value = read()), Patience), $"waited in vain; last seen: {value}");
        return value;
    }

    public static bool Until(Func<bool> condition, TimeSpan limit)
    {
        long start = Stopwatch.GetTimestamp();
        while (!condition())
        {
            if (Stopwatch.GetElapsedTime(start) > limit)
            {
                return false;
            }

            Thread.Sleep(10);
        }

        return true;
    }
}
