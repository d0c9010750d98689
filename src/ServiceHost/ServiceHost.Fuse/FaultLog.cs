namespace ServiceHost.Fuse;

/// <summary>
/// Lines that a hostile or broken counterpart could cause without end: ten at once, then one in ten seconds, and each line after a silence
/// tells how many were left out.
/// </summary>
internal sealed class FaultLog(Action<string> sink, TimeProvider time)
{
    private const int Burst = 10;
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(10);
    private readonly Lock _lock = new();
    private int _tokens = Burst; // under _lock, like the next two
    private long _lastRefill = time.GetTimestamp();
    private long _leftOut;

    public void Write(string line)
    {
        long leftOut;
        lock (_lock)
        {
            Refill();
            if (_tokens == 0)
            {
                _leftOut++;
                return;
            }

            _tokens--;
            leftOut = _leftOut;
            _leftOut = 0;
        }

        sink(leftOut == 0 ? line : $"{line} ({leftOut} lines like this were left out before)");
    }

    /// <summary>False when <see cref="Write"/> would drop the line: saves making it.</summary>
    public bool WouldWrite()
    {
        lock (_lock)
        {
            Refill();
            if (_tokens == 0)
            {
                _leftOut++;
            }

            return _tokens != 0;
        }
    }

    private void Refill()
    {
        long intervals = (long)(time.GetElapsedTime(_lastRefill) / s_interval);
        if (intervals > 0)
        {
            _tokens = (int)Math.Min(Burst, _tokens + intervals);
            _lastRefill = time.GetTimestamp();
        }
    }
}
