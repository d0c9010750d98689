using ServiceHost.Fuse;
using ServiceHost.Linux;

namespace Servers.Passthrough;

/// <summary>
/// The thread that keeps the number of open inodes below the budget: above the high water mark it asks the kernel to forget what was not used for
/// longest (a clock over the table), and it takes over the lookups that found no room, so that no worker ever waits. It must be a thread of
/// its own: a notification can wait for a request that only a worker answers.
/// </summary>
internal sealed class Pruner : IDisposable
{
    private const int BatchSize = 256;
    private const int MaxWaiters = 64;

    // Between rounds, the FORGETs of the last one arrive. A round without effect doubles the pause: everything is in use.
    private static readonly TimeSpan s_shortPause = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan s_longPause = TimeSpan.FromSeconds(1);

    private readonly InodeTable _inodes;
    private readonly InodeBudget _budget;
    private readonly IColdInodeDropper _dropper;
    private readonly LookupAttempt _lookup;
    private readonly Action _onRefusal;
    private readonly long _roomTimeout;
    private readonly Thread _thread;
    private readonly NodeId[] _batch = new NodeId[BatchSize];
    private readonly Lock _waitersGate = new();
    private readonly List<RoomWaiter> _waiters = [];
    private int _hand;
    private volatile bool _isStopping;

    public Pruner(
        InodeTable inodes, InodeBudget budget, IColdInodeDropper dropper, LookupAttempt lookup, Action onRefusal, TimeSpan roomTimeout)
    {
        _inodes = inodes;
        _budget = budget;
        _dropper = dropper;
        _lookup = lookup;
        _onRefusal = onRefusal;
        _roomTimeout = (long)roomTimeout.TotalMilliseconds;
        _thread = new Thread(Run) { IsBackground = true, Name = "fuse-prune" };
    }

    /// <summary>Whether one more lookup may wait. Several workers may see the last place: the bound is for memory, not exact.</summary>
    public bool HasPlace
    {
        get
        {
            lock (_waitersGate)
            {
                return _waiters.Count < MaxWaiters && !_isStopping;
            }
        }
    }

    public void Start() => _thread.Start();

    public void Add(DeferredReply reply, NodeId parent, CString name)
    {
        lock (_waitersGate)
        {
            _waiters.Add(new RoomWaiter(reply, parent, name, Environment.TickCount64 + _roomTimeout));
        }

        _budget.Wake();
    }

    public void Dispose()
    {
        _isStopping = true;
        _budget.Wake();
        if (_thread.IsAlive)
        {
            _thread.Join();
        }
    }

    private void Run()
    {
        TimeSpan pause = s_shortPause;
        while (!_isStopping)
        {
            bool hasWaiters = ServeWaiters();
            bool isIdle = !hasWaiters && !_budget.IsTight;
            int before = _budget.Count;
            if (!isIdle)
            {
                Round(hasWaiters);
            }

            _budget.Wait(isIdle ? Timeout.InfiniteTimeSpan : pause, watchRemovals: hasWaiters);
            bool hadEffect = _budget.Count < before;
            pause = isIdle || hasWaiters || hadEffect ? s_shortPause : Min(pause * 2, s_longPause);
        }

        FailWaiters();
    }

    /// <summary>Two turns of the clock at most: the first may only clear the marks of use.</summary>
    private void Round(bool hasWaiters)
    {
        int wanted = Math.Max(_budget.Count - _budget.LowWater, 1);
        int steps = _inodes.SlotCount * 2;
        int filled = 0;
        while (wanted > 0 && steps-- > 0 && !_isStopping)
        {
            _hand = (_hand + 1) % _inodes.SlotCount;
            NodeId node = _inodes.ColdAt(_hand);
            if (node.IsNone)
            {
                continue;
            }

            wanted--;
            _batch[filled++] = node;
            if (filled == BatchSize)
            {
                _dropper.Drop(_batch, hasWaiters);
                filled = 0;
            }
        }

        if (filled > 0)
        {
            _dropper.Drop(_batch.AsSpan(0, filled), hasWaiters);
        }
    }

    /// <summary>True when somebody still waits.</summary>
    private bool ServeWaiters()
    {
        for (int i = 0; ; i++)
        {
            RoomWaiter waiter;
            lock (_waitersGate)
            {
                if (i >= _waiters.Count)
                {
                    return _waiters.Count > 0;
                }

                waiter = _waiters[i];
            }

            if (TryServe(waiter))
            {
                lock (_waitersGate)
                {
                    _waiters.RemoveAt(i--);
                }
            }
        }
    }

    private bool TryServe(RoomWaiter waiter)
    {
        if (waiter.IsInterrupted)
        {
            waiter.Fail(Errno.EINTR);
            return true;
        }

        Errno errno = _lookup(waiter.Parent, waiter.Name, out FuseEntryOut entry);
        if (errno.IsOk)
        {
            waiter.Succeed(entry);
            return true;
        }

        if (errno == Errno.ENFILE && !waiter.IsOver)
        {
            return false;
        }

        if (errno == Errno.ENFILE)
        {
            _onRefusal();
        }

        waiter.Fail(errno);
        return true;
    }

    private void FailWaiters()
    {
        lock (_waitersGate)
        {
            foreach (RoomWaiter waiter in _waiters)
            {
                waiter.Fail(Errno.ENFILE);
            }

            _waiters.Clear();
        }
    }

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
