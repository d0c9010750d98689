using System.Runtime.ExceptionServices;
using ServiceHost.Diagnostics;
using ServiceHost.Fuse;
using ServiceHost.Linux;
using ServiceHost.Options;

namespace ServiceHost.Stages;

/// <summary>
/// A filesystem being served: start, wait until the kernel has accepted the answer to INIT, wait for the end, or ask for it. That is
/// also the shape in which a host with a lifetime of its own can own it.
/// </summary>
internal sealed class MountedService : IDisposable
{
    // What a worker may take to leave its request after the session was stopped.
    private static readonly TimeSpan s_leaving = TimeSpan.FromSeconds(5);

    private readonly FuseSession _session;
    private readonly Thread _thread;
    private readonly ManualResetEventSlim _settled = new();
    private readonly bool _hasRings;
    private volatile bool _initialized;
    private volatile FuseSessionEnd? _end;
    private volatile ExceptionDispatchInfo? _bug;

    /// <param name="plan">What the service serves.</param>
    /// <param name="devices">Owned from here on.</param>
    /// <param name="context">What it knows about the mount.</param>
    /// <param name="rings">Owned from here on; null to serve by /dev/fuse.</param>
    /// <param name="backingFiles">Who registers files for passthrough; null when nobody can.</param>
    public MountedService(FuseMountPlan plan, IReadOnlyList<OwnedFd> devices, ServiceContext context, FuseRingSet? rings = null, IBackingFiles? backingFiles = null)
    {
        ServiceLog log = context.Log;
        _hasRings = rings is not null;
        _session = new FuseSession(plan.FileSystem, InitOptions(plan, context), devices, new FuseSessionOptions
        {
            Workers = plan.Workers,
            ThreadName = "fuse-worker",
            Initialized = connection =>
            {
                // Agreed on for good: without passthrough nobody will need the keeper.
                if (connection.BackingFiles is null)
                {
                    (backingFiles as IDisposable)?.Dispose();
                }

                _initialized = true;
                _settled.Set();
            },
            Rings = rings,
            RingsRequired = rings is not null,
            BackingFiles = backingFiles,
            Log = log.Error,
            Trace = context.Options.Get(CommonOptions.Trace) ? new FuseTrace(log.Debug) : null,
        });
        _thread = new Thread(Serve) { Name = "fuse-session", IsBackground = true };
    }

    /// <summary>How requests come; known when the service is initialized.</summary>
    public bool IsOverIoUring => _session.IsOverIoUring;

    public void Start() => _thread.Start();

    /// <summary>True when INIT was answered; false when the session ended before that, or the deadline came.</summary>
    public bool WaitInitialized(Deadline deadline, out string reason)
    {
        bool settled = _settled.Wait(deadline.Remaining);
        _bug?.Throw();
        reason = !settled ? "INIT was not answered in time" : _end is { } end ? Explain(end) : string.Empty;
        return _initialized;
    }

    public FuseSessionEnd WaitForEnd()
    {
        _thread.Join();
        _bug?.Throw();
        return _end!;
    }

    /// <summary>Asks for the end, from any thread.</summary>
    public void Stop() => _session.Stop();

    /// <summary>
    /// Stops serving. A worker that does not come back from the filesystem keeps its device, which then ends with the process: that is what
    /// happens next, and waiting for it would turn a failed mount into a hanging one.
    /// </summary>
    public void Dispose()
    {
        _session.Stop();
        if (!_thread.IsAlive || _thread.Join(s_leaving))
        {
            _session.Dispose();
            _settled.Dispose();
        }
    }

    private string Explain(FuseSessionEnd end) =>
        end.Reason == FuseSessionEndReason.InitRefused && _hasRings
            ? $"{end.Detail} (transport=uring needs /sys/module/fuse/parameters/enable_uring to be Y)"
            : end.Detail;

    private static FuseInitOptions InitOptions(FuseMountPlan plan, ServiceContext context) =>
        context.Options.IsGiven(CommonOptions.RequestTimeout)
            ? plan.Init with { RequestTimeout = (ushort)context.Options.Get(CommonOptions.RequestTimeout) }
            : plan.Init;

    /// <summary>What is thrown here is thrown again by <see cref="WaitForEnd"/>: Main is the one edge that reports bugs.</summary>
    private void Serve()
    {
        try
        {
            _end = _session.Run();
        }
        catch (Exception bug)
        {
            _bug = ExceptionDispatchInfo.Capture(bug);
        }

        _settled.Set();
    }
}
