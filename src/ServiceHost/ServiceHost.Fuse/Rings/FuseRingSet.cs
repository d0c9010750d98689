using ServiceHost.Linux;

namespace ServiceHost.Fuse;

/// <summary>
/// The rings of a session that is to be served over io_uring: one per worker, made before anything else is, because a contained server
/// makes none later. An io_uring walks around a system call filter, so each of these can do two things only, for ever: speak to a driver
/// (/dev/fuse), and wait until a descriptor can be read.
/// </summary>
public sealed class FuseRingSet : IDisposable
{
    // A ring has no more in flight than its entries, two polls and what is deferred; the kernel keeps completions that do not fit.
    private const int Spare = 16;

    private readonly IoUring[] _rings;

    private FuseRingSet(IoUring[] rings, int queues) => (_rings, Queues) = (rings, queues);

    /// <summary>One for each CPU that the machine can ever have: so many the kernel demands before it uses any.</summary>
    public int Queues { get; }

    public IReadOnlyList<IoUring> Rings => _rings;

    /// <summary>
    /// <paramref name="workers"/> threads will serve <paramref name="queues"/> queues. ENOSYS: a kernel without io_uring; EPERM: it is switched off.
    /// </summary>
    public static Errno Create(int workers, int queues, out FuseRingSet? set) => Create(workers, queues, restricted: true, out set);

    internal static Errno Create(int workers, int queues, bool restricted, out FuseRingSet? set)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(workers);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(queues);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(workers, FuseSession.MaxWorkers);
        set = null;
        IoUring[] rings = new IoUring[workers];
        for (int worker = 0; worker < workers; worker++)
        {
            Errno errno = CreateOne(QueueShares.Of(worker, workers, queues).Count, restricted, out IoUring? ring);
            if (errno.IsError)
            {
                Array.ForEach(rings[..worker], static made => made.Dispose());
                return errno;
            }

            rings[worker] = ring!;
        }

        set = new FuseRingSet(rings, queues);
        return Errno.None;
    }

    /// <summary>After the session that has used them.</summary>
    public void Dispose() => Array.ForEach(_rings, static ring => ring.Dispose());

    private static Errno CreateOne(int entries, bool restricted, out IoUring? ring)
    {
        int submissions = entries + Spare;
        RingSetup setup = new(submissions, Completions: 4 * submissions) { WideEntries = true, StartDisabled = true };
        Errno errno = IoUring.Create(setup, out ring);
        if (errno.IsError)
        {
            return errno;
        }

        errno = restricted ? ring!.Restrict(RingOpcode.Command, RingOpcode.PollAdd) : Errno.None;
        errno = errno.IsError ? errno : ring!.Enable();
        if (errno.IsError)
        {
            ring!.Dispose();
        }

        return errno;
    }
}
