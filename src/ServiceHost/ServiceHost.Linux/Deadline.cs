namespace ServiceHost.Linux;

/// <summary>
/// A point on the monotonic clock that a whole conversation has to end by. Every wait of the conversation takes the same
/// deadline, so a peer that trickles one packet at a time gains nothing by it.
/// </summary>
public readonly struct Deadline
{
    private readonly long _ticks;

    private Deadline(long ticks) => _ticks = ticks;

    /// <summary>Waits that nothing ends but the event itself. Not for a peer that is not trusted.</summary>
    public static Deadline Never => new(long.MaxValue);

    public static Deadline In(TimeSpan length) => new(Environment.TickCount64 + (long)length.TotalMilliseconds);

    public bool IsNever => _ticks == long.MaxValue;

    public bool HasPassed => !IsNever && Environment.TickCount64 >= _ticks;

    public TimeSpan Remaining =>
        IsNever ? Timeout.InfiniteTimeSpan : TimeSpan.FromMilliseconds(Math.Max(0, _ticks - Environment.TickCount64));

    /// <summary>What poll(2) takes: -1 for ever, 0 when the deadline has passed.</summary>
    internal int PollMilliseconds => IsNever ? -1 : (int)Math.Clamp(_ticks - Environment.TickCount64, 0, int.MaxValue);
}
