using ServiceHost.Linux;

namespace ServiceHost.Fuse;

/// <summary>
/// Serves one mount over its /dev/fuse descriptors, on threads of its own: one per device, each reading requests, running the filesystem's
/// operations and writing the replies itself. <see cref="Run"/> returns when the mount is gone.
/// </summary>
public sealed partial class FuseSession : IDisposable
{
    /// <summary>More would not fit the bit sets of <see cref="InterruptTable"/>, and no machine was found that they make faster.</summary>
    public const int MaxWorkers = 64;

    private readonly FuseFileSystem _fileSystem;
    private readonly FuseSessionOptions _options;
    private readonly FuseDispatcher _dispatcher;
    private readonly FuseDevice[] _devices;
    private readonly WakeEvent _stop = new();
    private readonly CountdownEvent _starting;

    // Held by Run from its first worker to its end: Dispose must not close a descriptor that a worker is about to use, because its number
    // may be somebody else's by then.
    private readonly Lock _running = new();
    private bool _isDisposed; // under _running
    private FuseSessionEnd? _end; // set once
    private int _ran;
    private int _announced;

    /// <summary>
    /// The session owns <paramref name="devices"/> from here on: /dev/fuse descriptors of one connection, the first bound by the mount, the
    /// others its clones. With fewer devices than workers some share one; a single device serves any number of workers.
    /// </summary>
    public FuseSession(
        FuseFileSystem fileSystem, FuseInitOptions init, IReadOnlyList<OwnedFd> devices, FuseSessionOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(devices);
        ArgumentNullException.ThrowIfNull(init);
        ArgumentOutOfRangeException.ThrowIfZero(devices.Count);
        if (((init.Wanted | init.Required) & FuseInitFlags.OverIoUring) != 0)
        {
            // The kernel would hold every request back until rings are registered.
            throw new ArgumentException("Rings are asked for by giving them to the session.", nameof(init));
        }

        _options = options ?? new FuseSessionOptions();
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Math.Max(_options.Workers, devices.Count), MaxWorkers);
        _fileSystem = fileSystem;
        _dispatcher = new FuseDispatcher(fileSystem, WithRings(init), _options);
        _devices = [.. devices.Select(device => new FuseDevice(device))];
        _ringWorkers = new RingWorker?[_options.Rings?.Rings.Count ?? 0];
        _starting = new CountdownEvent(_options.Rings is null ? Math.Max(_options.Workers, devices.Count) : _ringWorkers.Length + 1);
        _unsettledRings = _ringWorkers.Length;
        Notifier = _dispatcher.CreateNotifier(_devices[0]);
    }

    /// <summary>What INIT agreed on; null before.</summary>
    public FuseConnection? Connection => _dispatcher.Connection;

    /// <summary>Messages to the kernel; of use once INIT was answered.</summary>
    public FuseNotifier Notifier { get; }

    public FuseStatistics Statistics => _dispatcher.Statistics;

    internal bool IsStopping => Volatile.Read(ref _end) is not null;

    /// <summary>
    /// Serves until the mount ends and tells why it did. The calling thread only waits. The devices are closed when this returns, which
    /// fails whatever request is still waiting. May be called once.
    /// </summary>
    public FuseSessionEnd Run()
    {
        if (Interlocked.Exchange(ref _ran, 1) != 0)
        {
            throw new InvalidOperationException("A session runs once.");
        }

        lock (_running)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            foreach (Thread thread in StartWorkers())
            {
                thread.Join();
            }

            LetGo();
        }

        return _end!;
    }

    /// <summary>
    /// Makes <see cref="Run"/> return: every worker finishes the request in hand and takes no other. The mount, if it is still there, is dead after
    /// that. Any thread, any number of times. (A device armed with SYNC_INIT sleeps in the kernel until it is mounted, deaf to this.)
    /// </summary>
    public void Stop() => End(FuseSessionEndReason.Stopped, Errno.None, "the server was told to stop");

    /// <summary>
    /// Stops the session and waits for <see cref="Run"/> to return, which takes as long as the filesystem's operations in hand. Not from
    /// within one of those.
    /// </summary>
    public void Dispose()
    {
        Stop();
        lock (_running)
        {
            _isDisposed = true;
            CloseRings();
            CloseDevices();
            _stop.Dispose();
            _starting.Dispose();
            _negotiated.Dispose();
        }
    }

    /// <summary>In this order: whoever works on a deferred answer is told, then no device takes one, then the filesystem may let go of everything.</summary>
    private void LetGo()
    {
        try
        {
            _dispatcher.Interrupts.InterruptAllDeferred();
        }
        finally
        {
            CloseRings();
            CloseDevices();
            _fileSystem.OnSessionEnd();
        }
    }

    private List<Thread> StartWorkers()
    {
        List<Thread> threads = [];
        int count = _starting.InitialCount;
        try
        {
            while (threads.Count < count)
            {
                int index = threads.Count;
                Thread thread = new(() => RunWorker(index)) { Name = $"{_options.ThreadName}-{index}", IsBackground = true };
                thread.Start();
                threads.Add(thread);
            }
        }
        catch (OutOfMemoryException)
        {
            // What Thread.Start makes of a refused clone(2), RLIMIT_NPROC for one. The workers that exist wait for the missing ones.
            End(FuseSessionEndReason.Failed, Errno.EAGAIN, $"worker {threads.Count} of {count} could not be started");
            _starting.Signal(count - threads.Count);
        }

        return threads;
    }

    private void RunWorker(int index)
    {
        try
        {
            _fileSystem.OnWorkerStart(index);
            if (index < _ringWorkers.Length)
            {
                RunRingWorker(index);
            }
            else
            {
                RunDeviceWorker(index);
            }
        }
        catch (Exception exception)
        {
            // A thread's last frame: what passes it would end the process with the mount still there.
            End(FuseSessionEndReason.Failed, Errno.EIO, $"worker {index} failed: {exception}");
            if (!_starting.IsSet)
            {
                _starting.Signal();
            }
        }
    }

    private void RunDeviceWorker(int index)
    {
        FuseWorker? worker = CreateDeviceWorker(index);

        // No request is read before every worker could start.
        _starting.Signal();
        _starting.Wait();
        worker?.Serve(this);
    }

    private FuseWorker? CreateDeviceWorker(int index)
    {
        Errno errno = FuseWorker.Create(_dispatcher, _devices[index % _devices.Length], _stop.Fd, out FuseWorker? worker);
        if (worker is null)
        {
            End(FuseSessionEndReason.Failed, errno, $"worker {index} cannot watch its device: {errno}");
        }

        return worker;
    }

    private void CloseDevices()
    {
        foreach (FuseDevice device in _devices)
        {
            device.Dispose();
        }
    }
}
