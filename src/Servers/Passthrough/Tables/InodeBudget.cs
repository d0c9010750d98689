namespace Servers.Passthrough;

/// <summary>
/// How many inodes may be held open at once: one descriptor each. Above the high water mark the pruner is woken; LOOKUP stops at its
/// limit, and only requests that create something may use the rest, because an object made and then not reportable helps nobody.
/// </summary>
internal sealed class InodeBudget : IDisposable
{
    private readonly AutoResetEvent _changed = new(initialState: false);
    private int _count;
    private bool _isWatched;

    public InodeBudget(int limit)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 16);
        CreateLimit = limit;
        LookupLimit = limit - (limit / 16);
        HighWater = LookupLimit / 4 * 3;
        LowWater = LookupLimit / 2;
    }

    public int CreateLimit { get; }

    public int LookupLimit { get; }

    public int HighWater { get; }

    public int LowWater { get; }

    public int Count => Volatile.Read(ref _count);

    public bool IsTight => Count > HighWater;

    /// <summary>Counts one that must have room (the root).</summary>
    public void Add() => Interlocked.Increment(ref _count);

    public bool TryAdd(int limit)
    {
        int count = Interlocked.Increment(ref _count);
        if (count > limit)
        {
            Interlocked.Decrement(ref _count);
            _changed.Set();
            return false;
        }

        if (count == HighWater + 1)
        {
            _changed.Set();
        }

        return true;
    }

    public void Remove()
    {
        Interlocked.Decrement(ref _count);
        if (Volatile.Read(ref _isWatched))
        {
            _changed.Set();
        }
    }

    /// <summary>Wakes whoever is in <see cref="Wait"/>.</summary>
    public void Wake() => _changed.Set();

    /// <summary>
    /// For the one pruner thread: returns when the high water mark was passed or room was asked for in vain, with
    /// <paramref name="watchRemovals"/> also when room was made, and at the latest after the timeout.
    /// </summary>
    public void Wait(TimeSpan timeout, bool watchRemovals)
    {
        Volatile.Write(ref _isWatched, watchRemovals);
        _changed.WaitOne(timeout);
        Volatile.Write(ref _isWatched, false);
    }

    public void Dispose() => _changed.Dispose();
}
