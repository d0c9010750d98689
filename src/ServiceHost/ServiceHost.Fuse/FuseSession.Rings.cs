using ServiceHost.Linux;

namespace ServiceHost.Fuse;

// Serving over io_uring. INIT, FORGET, INTERRUPT and notifications stay with /dev/fuse, and with one worker that reads it.
public sealed partial class FuseSession
{
    private static readonly TimeSpan s_threadEnd = TimeSpan.FromSeconds(5);

    // Buffers that a thread of the kernel's view may still be given requests in. Never read: what is here cannot be moved or reused.
    private static readonly System.Collections.Concurrent.ConcurrentBag<RingWorker> s_abandoned = [];

    private readonly ManualResetEventSlim _negotiated = new(); // INIT was answered, or never will be
    private readonly RingWorker?[] _ringWorkers; // each set by its own thread
    private int _unsettledRings;
    private int _refusedRings;

    /// <summary>Whether requests come over io_uring. Final when <see cref="FuseSessionOptions.Initialized"/> is called.</summary>
    public bool IsOverIoUring => Connection?.Has(FuseInitFlags.OverIoUring) == true && Volatile.Read(ref _refusedRings) == 0;

    private FuseInitOptions WithRings(FuseInitOptions init)
    {
        if (_options.Rings is null)
        {
            return init;
        }

        return _options.RingsRequired
            ? init with { Required = init.Required | FuseInitFlags.OverIoUring }
            : init with { Wanted = init.Wanted | FuseInitFlags.OverIoUring };
    }

    private void RunRingWorker(int index)
    {
        _starting.Signal();
        _starting.Wait();
        _negotiated.Wait();
        if (IsStopping)
        {
            return;
        }

        RingWorker? worker = Connection!.Has(FuseInitFlags.OverIoUring) ? RegisterRing(index) : null;
        if (Interlocked.Decrement(ref _unsettledRings) == 0)
        {
            Announce();
        }

        if (worker is not null)
        {
            worker.Serve();
        }
        else
        {
            CreateDeviceWorker(index)?.Serve(this);
        }
    }

    /// <summary>
    /// Null when the kernel does not take the ring: after one refusal it uses none. The first request comes over a ring when every queue has an
    /// entry, until then callers wait.
    /// </summary>
    private RingWorker? RegisterRing(int index)
    {
        FuseRingSet rings = _options.Rings!;
        RingWorker worker = new(this, _dispatcher, rings.Rings[index], _devices[index % _devices.Length], _stop);
        _ringWorkers[index] = worker;
        Errno errno = worker.Register(QueueShares.Of(index, _ringWorkers.Length, rings.Queues));
        if (errno.IsOk)
        {
            return worker;
        }

        worker.GiveUp();
        Interlocked.Increment(ref _refusedRings);
        if (_options.RingsRequired)
        {
            End(FuseSessionEndReason.Failed, errno, $"the kernel did not take the rings: {errno}");
        }
        else
        {
            _options.Log($"fuse: the kernel did not take a ring, and requests come by /dev/fuse: {errno}");
        }

        return null;
    }

    /// <summary>
    /// After the workers were joined. The kernel writes into buffers of a thread until that has ended for the kernel, too, which is a moment
    /// later; then its entries are cancelled.
    /// </summary>
    private void CloseRings()
    {
        Deadline deadline = Deadline.In(s_threadEnd);
        for (int i = 0; i < _ringWorkers.Length; i++)
        {
            if (_ringWorkers[i] is { } worker)
            {
                _ringWorkers[i] = null;
                if (!WaitForThreadEnd(worker.ThreadId, deadline))
                {
                    s_abandoned.Add(worker);
                }

                worker.Dispose();
            }
        }

        _options.Rings?.Dispose();
    }

    private static bool WaitForThreadEnd(int threadId, Deadline deadline)
    {
        SpinWait spin = default;
        while (Libc.ThreadExists(threadId))
        {
            if (deadline.HasPassed)
            {
                return false;
            }

            spin.SpinOnce();
        }

        return true;
    }
}
