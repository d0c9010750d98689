using ServiceHost.Fuse;
using ServiceHost.Linux;

namespace Servers.Passthrough;

/// <summary>
/// locks=shared: fcntl locks as locks of one open file description per owner, flock locks on the description of the open file. Nothing here waits in
/// the kernel: a lock that is taken is tried again by one thread, at once when somebody lets go through this mount, and at intervals for
/// those who hold it on the source. So a waiting caller costs no worker and can always be interrupted. An owner whose wait would close a ring of owners
/// of this mount gets EDEADLK, as the kernel does it for fcntl locks; rings through processes on the source are not seen.
/// </summary>
internal sealed class SharedLocks : IDisposable
{
    private const int MaxWaiters = 4096;
    private static readonly TimeSpan s_firstInterval = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan s_lastInterval = TimeSpan.FromMilliseconds(64);

    private readonly InodeTable _inodes;
    private readonly HandleTable _handles;
    private readonly OwnerTable _owners;
    private readonly DeadlockFinder _deadlocks;
    private readonly Lock _waitersGate = new();
    private readonly List<LockWaiter> _waiters = [];
    private readonly AutoResetEvent _retry = new(initialState: false);
    private readonly Thread _thread;
    private volatile bool _isStopping;

    public SharedLocks(InodeTable inodes, HandleTable handles, Reopener reopener, int limit)
    {
        _inodes = inodes;
        _handles = handles;
        _owners = new OwnerTable(reopener, limit);
        _deadlocks = new DeadlockFinder(_owners, _waiters);
        _thread = new Thread(Run) { IsBackground = true, Name = "fuse-locks" };
    }

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

    /// <summary>SETLK: EAGAIN when somebody else has it.</summary>
    public Errno TrySet(in LockRequest request)
    {
        Errno errno = request.IsFlock ? TryFlock(request) : TrySetRange(request);
        if (errno.IsOk && request.Type != LockType.Write)
        {
            // Unlocked, or down from write to read: somebody may go on.
            Retry();
        }

        return errno;
    }

    /// <summary>GETLK. Type Unlock: nothing is in the way.</summary>
    public Errno Get(in LockRequest request, out FileRangeLock found)
    {
        found = request.Range;
        using Pinned<Inode> inode = _inodes.Pin(request.Node);
        if (!inode.IsFound)
        {
            return Errno.ESTALE;
        }

        Errno errno = _owners.Acquire(request.Node, inode.Fd, request.Owner, open: true, out LockDescription? description);
        if (description is null)
        {
            return errno;
        }

        errno = Libc.GetFileLock(description.Descriptor, ref found);
        description.Descriptor.DangerousRelease();
        return errno;
    }

    /// <summary>SETLKW that found the lock taken.</summary>
    public void Wait(DeferredReply reply, in LockRequest request)
    {
        bool deadlock;
        lock (_waitersGate)
        {
            // Under the lock that adds: of two owners that begin to wait for each other, the second one sees the first.
            deadlock = _deadlocks.WouldCloseARing(request);
            if (!deadlock)
            {
                _waiters.Add(new LockWaiter(reply, request));
            }
        }

        if (deadlock)
        {
            reply.TryComplete(Errno.EDEADLK);
            return;
        }

        reply.Interrupted.UnsafeRegister(static retry => ((AutoResetEvent)retry!).Set(), _retry);
        _retry.Set();
    }

    /// <summary>FLUSH: a process closed the file, which ends all its fcntl locks on it.</summary>
    public void ReleaseOwner(NodeId node, LockOwner owner)
    {
        if (_owners.Release(node, owner))
        {
            Retry();
        }
    }

    /// <summary>A lock may have become free.</summary>
    public void Retry() => _retry.Set();

    public void Dispose()
    {
        _isStopping = true;
        _retry.Set();
        if (_thread.IsAlive)
        {
            _thread.Join();
        }

        _owners.Dispose();
        _retry.Dispose();
    }

    private Errno TryFlock(in LockRequest request)
    {
        using Pinned<OpenFile> file = _handles.Pin(request.Fh, request.Node);
        return file.IsFound ? Libc.Flock(file.Fd, request.FlockOperation) : Errno.EBADF;
    }

    private Errno TrySetRange(in LockRequest request)
    {
        using Pinned<Inode> inode = _inodes.Pin(request.Node);
        if (!inode.IsFound)
        {
            return Errno.ESTALE;
        }

        bool open = request.Type != LockType.Unlock;
        Errno errno = _owners.Acquire(request.Node, inode.Fd, request.Owner, open, out LockDescription? description);
        if (description is null)
        {
            return errno;
        }

        errno = description.TrySet(request);
        description.Descriptor.DangerousRelease();
        return errno;
    }

    private void Run()
    {
        TimeSpan interval = s_firstInterval;
        while (!_isStopping)
        {
            bool isWaiting = TryAll();
            bool wasWoken = _retry.WaitOne(isWaiting ? interval : Timeout.InfiniteTimeSpan);
            interval = wasWoken || interval * 2 > s_lastInterval ? (wasWoken ? s_firstInterval : s_lastInterval) : interval * 2;
        }

        lock (_waitersGate)
        {
            _waiters.ForEach(static waiter => waiter.Reply.TryComplete(Errno.EINTR));
            _waiters.Clear();
        }
    }

    /// <summary>First come, first tried. True when somebody still waits.</summary>
    private bool TryAll()
    {
        for (int i = 0; ; i++)
        {
            LockWaiter waiter;
            lock (_waitersGate)
            {
                if (i >= _waiters.Count)
                {
                    return _waiters.Count > 0;
                }

                waiter = _waiters[i];
            }

            // Asked before the lock is taken: this thread alone completes, so an interrupted caller never holds a lock it was refused.
            Errno errno = waiter.Reply.Interrupted.IsCancellationRequested ? Errno.EINTR : TrySet(waiter.Request);
            if (errno != Errno.EAGAIN)
            {
                waiter.Reply.TryComplete(errno);
                lock (_waitersGate)
                {
                    _waiters.RemoveAt(i--);
                }
            }
        }
    }
}
