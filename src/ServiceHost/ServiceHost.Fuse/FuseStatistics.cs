namespace ServiceHost.Fuse;

/// <summary>
/// Counters since the session began. Workers count into blocks of their own; reading adds them up and is as exact as reading counters
/// that move can be.
/// </summary>
public sealed class FuseStatistics
{
    private readonly Lock _lock = new();
    private long[][] _requests = []; // replaced under _lock; each block is written by one worker
    private long[][] _errors = [];
    private long _faults;
    private long _malformed;
    private long _unknown;
    private long _rejectedReplies;

    /// <summary>Exceptions in the filesystem.</summary>
    public long Faults => Interlocked.Read(ref _faults);

    /// <summary>Requests of a wrong shape.</summary>
    public long Malformed => Interlocked.Read(ref _malformed);

    /// <summary>Requests with an opcode that this library does not have.</summary>
    public long UnknownOpcodes => Interlocked.Read(ref _unknown);

    /// <summary>Replies that the kernel did not take: nearly always a bug on this side, and EIO for the caller.</summary>
    public long RejectedReplies => Interlocked.Read(ref _rejectedReplies);

    /// <summary>Requests of this kind that were handled.</summary>
    public long Requests(FuseOpcode opcode) => Sum(_requests, opcode);

    /// <summary>Of those, how many were answered with an error by the worker.</summary>
    public long Errors(FuseOpcode opcode) => Sum(_errors, opcode);

    public long TotalRequests => OpcodeInfo.All.Sum(info => Requests(info.Opcode));

    internal WorkerCounters AddWorker()
    {
        WorkerCounters counters = new(new long[OpcodeInfo.Count], new long[OpcodeInfo.Count]);
        lock (_lock)
        {
            _requests = [.. _requests, counters.Requests];
            _errors = [.. _errors, counters.Errors];
        }

        return counters;
    }

    internal void CountFault() => Interlocked.Increment(ref _faults);

    internal void CountMalformed() => Interlocked.Increment(ref _malformed);

    internal void CountUnknown() => Interlocked.Increment(ref _unknown);

    internal void CountRejectedReply() => Interlocked.Increment(ref _rejectedReplies);

    private static long Sum(long[][] blocks, FuseOpcode opcode)
    {
        long sum = 0;
        if ((int)opcode < OpcodeInfo.Count)
        {
            foreach (long[] block in blocks)
            {
                sum += Volatile.Read(ref block[(int)opcode]);
            }
        }

        return sum;
    }

    /// <summary>One worker's counters, indexed by opcode; no other thread writes them.</summary>
    internal sealed record WorkerCounters(long[] Requests, long[] Errors);
}
