using ServiceHost.Linux;

namespace ServiceHost.Fuse;

/// <summary>
/// The request that one worker has in hand. One slot per worker, made by <see cref="FuseDispatcher.CreateSlot"/> and reused for every
/// request, so that dispatching allocates nothing. Only its worker begins and ends requests; whichever worker reads an INTERRUPT marks it.
/// </summary>
public sealed class RequestSlot
{
    /// <summary>State of a slot whose worker may have a request that it has not begun: between two requests, as far as anybody can tell.</summary>
    internal const ulong Reading = 0;

    /// <summary>State of a slot whose worker has nothing that could be interrupted: asleep, or busy with what takes no answer. Never a key.</summary>
    private const ulong Uninterruptible = ulong.MaxValue;

    private readonly InterruptTable _interrupts;
    private readonly FuseStatistics.WorkerCounters _counters;
    private ulong _key;

    // The key and not a flag: a mark that comes late must not hit the request that follows in the same slot.
    private ulong _interruptedKey;

    private OpcodeInfo? _info;

    internal RequestSlot(int index, IReplyChannel channel, InterruptTable interrupts, FuseStatistics.WorkerCounters counters, IBacklog? backlog)
    {
        Index = index;
        Channel = channel;
        Backlog = backlog;
        _interrupts = interrupts;
        _counters = counters;
    }

    internal int Index { get; }

    internal IReplyChannel Channel { get; }

    /// <summary>Where requests of this worker may lie that it has not begun; null for one that reads each when it has time for it.</summary>
    internal IBacklog? Backlog { get; private set; }

    /// <summary>Whether what the slot shows may not be all that its worker has. Asked by the worker itself.</summary>
    internal bool MayHaveMore => Backlog is not null && (_key != Uninterruptible || Backlog.HasRequests);

    internal FuseInHeader Header { get; private set; }

    /// <summary>Set when the request in hand was deferred; the worker then sends no answer.</summary>
    internal DeferredReply? Deferred { get; private set; }

    /// <summary>Key of the request in hand, or one of the states.</summary>
    internal ulong Key => Volatile.Read(ref _key);

    internal bool IsInterrupted => _key != Reading && Volatile.Read(ref _interruptedKey) == _key;

    internal void Begin(OpcodeInfo info, in FuseInHeader header)
    {
        _info = info;
        Header = header;
        Deferred = null;

        // What is not answered is not interrupted, and the unique of a NOTIFY_REPLY is not the kernel's.
        Volatile.Write(ref _key, info.IsAnswered ? header.Unique.Key : Uninterruptible);
        _interrupts.Claim(this);
    }

    internal void End(Errno errno)
    {
        Volatile.Write(ref _key, Reading);
        int opcode = (int)Header.Opcode;
        Volatile.Write(ref _counters.Requests[opcode], _counters.Requests[opcode] + 1);
        if (errno.IsError)
        {
            Volatile.Write(ref _counters.Errors[opcode], _counters.Errors[opcode] + 1);
        }
    }

    /// <summary>The device is empty: this worker has nothing in hand until <see cref="Wake"/>.</summary>
    internal void Sleep()
    {
        Volatile.Write(ref _key, Uninterruptible);
        _interrupts.Claim(this);
    }

    internal void Wake() => Volatile.Write(ref _key, Reading);

    /// <summary>Nothing comes into the backlog any more.</summary>
    internal void RetireBacklog()
    {
        Backlog = null;
        Sleep();
    }

    internal void Interrupt(ulong key) => Volatile.Write(ref _interruptedKey, key);

    internal DeferredReply Defer()
    {
        if (Deferred is not null || _info is not { Reply: ReplyKind.Fixed } info)
        {
            throw new InvalidOperationException($"{_info?.Name} cannot be deferred, or is deferred already.");
        }

        Deferred = new DeferredReply(info, Header.Unique, Channel, _interrupts);
        _interrupts.Add(Deferred, this);
        return Deferred;
    }
}
