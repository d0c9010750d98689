using System.Diagnostics;

namespace Grants.Tests;

/// <summary>Waits for what has no event to wait for.</summary>
internal static class Wait
{
    internal static T For<T>(Func<T> read, Func<T, bool> isThere)
    {
        long start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(20))
        {
            T value = read();
            if (isThere(value))
            {
                return value;
            }

            Thread.Sleep(5);
        }

        throw new TimeoutException("waited 20 s in vain");
    }
}
