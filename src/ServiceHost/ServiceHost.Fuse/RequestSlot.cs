namespace ServiceHost.Fuse;

/// <summary>
/// The request that one worker has in hand. One slot per worker, made by <see cref="FuseDispatcher.CreateSlot"/> and reused for every
/// request, so that dispatching allocates nothing. Only its worker begins and ends requests; whichever worker reads an INTERRUPT marks it.
/// </summary>
public sealed class RequestSlot
{
    private readonly InterruptTable _interrupts;
    private ulong _key;

    // The key and not a flag: a mark that comes late must not hit the request that follows in the same slot.
    private ulong _interruptedKey;

    internal RequestSlot(int index, IReplyChannel channel, InterruptTable interrupts)
    {
        Index = index;
        Channel = channel;
        _interrupts = interrupts;
    }

    internal int Index { get; }

    internal IReplyChannel Channel { get; }

    internal FuseInHeader Header { get; private set; }

    /// <summary>Set when the request in hand was deferred; the worker then sends no answer.</summary>
    internal DeferredReply? Deferred { get; private set; }

    /// <summary>Key of the request in hand, 0 for none.</summary>
    internal ulong Key => Volatile.Read(ref _key);

    internal bool IsInterrupted => Volatile.Read(ref _interruptedKey) == _key;

    internal void Begin(in FuseInHeader header)
    {
        Header = header;
        Deferred = null;
        Volatile.Write(ref _key, header.Unique.Key);
        _interrupts.Claim(this);
    }

    internal void End() => Volatile.Write(ref _key, 0);

    internal void Interrupt(ulong key) => Volatile.Write(ref _interruptedKey, key);

    internal DeferredReply Defer()
    {
        if (Deferred is not null)
        {
            throw new InvalidOperationException("The request is deferred already.");
        }

        Deferred = new DeferredReply(Header, Channel, _interrupts);
        _interrupts.Add(Deferred, this);
        return Deferred;
    }
}
