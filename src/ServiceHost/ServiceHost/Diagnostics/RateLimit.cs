namespace ServiceHost.Diagnostics;

/// <summary>
/// At most <paramref name="burst"/> events per <paramref name="interval"/>; the number of those held back is told with the next
/// one that passes. Whoever can cause log lines must not be able to fill a disk with them.
/// </summary>
public sealed class RateLimit(int burst, TimeSpan interval, TimeProvider time)
{
    private readonly Lock _windowLock = new();
    private long _windowStart = time.GetTimestamp();
    private int _used;
    private int _suppressed;

    public bool TryPass(out int suppressedBefore)
    {
        lock (_windowLock)
        {
            if (time.GetElapsedTime(_windowStart) >= interval)
            {
                _windowStart = time.GetTimestamp();
                _used = 0;
            }

            if (_used == burst)
            {
                _suppressed++;
                suppressedBefore = 0;
                return false;
            }

            _used++;
            suppressedBefore = _suppressed;
            _suppressed = 0;
            return true;
        }
    }
}
