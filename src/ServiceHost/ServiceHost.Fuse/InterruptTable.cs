namespace ServiceHost.Fuse;

/// <summary>
/// Finds the victim of an INTERRUPT: in a worker's slot, among the deferred requests, or nowhere yet.
/// <para>The kernel sends INTERRUPT only after some worker has read the victim, but that worker may not have begun it when another one
/// reads the INTERRUPT. Answering EAGAIN (the protocol's way to have it sent again) is no way out with cloned devices: the kernel looks
/// for the victim on the clone that the answer comes from. So an interrupt without a victim is kept, and each worker that begins a request
/// looks for its own. A worker that began any request after the interrupt came cannot have the victim in hand any more; when that is true
/// of all of them, the victim had been answered before and the entry goes.</para>
/// </summary>
internal sealed class InterruptTable
{
    private const int MaxEarly = 64;
    private readonly Lock _lock = new();
    private readonly Dictionary<ulong, DeferredReply> _deferred = []; // under _lock
    private readonly List<Early> _early = new(MaxEarly); // under _lock
    private RequestSlot[] _slots = []; // replaced under _lock, never changed
    private int _earlyCount; // written under _lock, read without

    private record struct Early(ulong Key, ulong NotSeenBy);

    internal RequestSlot AddSlot(IReplyChannel channel, FuseStatistics.WorkerCounters counters)
    {
        lock (_lock)
        {
            if (_slots.Length == FuseSession.MaxWorkers)
            {
                throw new InvalidOperationException("A session has at most 64 workers.");
            }

            RequestSlot slot = new(_slots.Length, channel, this, counters);
            _slots = [.. _slots, slot];
            return slot;
        }
    }

    /// <summary>INTERRUPT of <paramref name="victim"/>. False when it can not be kept and should be sent again.</summary>
    internal bool Interrupt(RequestId victim)
    {
        DeferredReply? deferred;
        lock (_lock)
        {
            if (!_deferred.TryGetValue(victim.Key, out deferred) && !TryKeep(victim.Key))
            {
                return MarkSlot(victim.Key);
            }

            // The entry is visible before the slots are looked at, the key of a slot before the entries are: see Claim.
            Interlocked.MemoryBarrier();
            if (deferred is null && MarkSlot(victim.Key))
            {
                _early.RemoveAll(entry => entry.Key == victim.Key);
                _earlyCount = _early.Count;
            }
        }

        deferred?.Interrupt();
        return true;
    }

    /// <summary>Called by a worker after its slot shows the new request.</summary>
    internal void Claim(RequestSlot slot)
    {
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _earlyCount) != 0)
        {
            ClaimEarly(slot);
        }
    }

    internal void Add(DeferredReply reply, RequestSlot slot)
    {
        bool interrupted;
        lock (_lock)
        {
            _deferred.Add(reply.Unique.Key, reply);
            interrupted = slot.IsInterrupted;
        }

        if (interrupted)
        {
            reply.Interrupt();
        }
    }

    internal void Remove(DeferredReply reply)
    {
        lock (_lock)
        {
            _deferred.Remove(reply.Unique.Key);
        }
    }

    /// <summary>The connection is gone: whoever works on a deferred answer is told to stop.</summary>
    internal void InterruptAllDeferred()
    {
        DeferredReply[] all;
        lock (_lock)
        {
            all = [.. _deferred.Values];
        }

        foreach (DeferredReply reply in all)
        {
            reply.Interrupt();
        }
    }

    private bool MarkSlot(ulong key)
    {
        foreach (RequestSlot slot in _slots)
        {
            if (slot.Key == key)
            {
                slot.Interrupt(key);
                return true;
            }
        }

        return false;
    }

    private bool TryKeep(ulong key)
    {
        if (_early.Count == MaxEarly)
        {
            return false;
        }

        _early.Add(new Early(key, ulong.MaxValue >> (FuseSession.MaxWorkers - _slots.Length)));
        Volatile.Write(ref _earlyCount, _early.Count);
        return true;
    }

    private void ClaimEarly(RequestSlot slot)
    {
        lock (_lock)
        {
            for (int i = _early.Count - 1; i >= 0; i--)
            {
                Early entry = _early[i];
                ulong notSeenBy = entry.NotSeenBy & ~(1UL << slot.Index);
                if (entry.Key == slot.Key)
                {
                    slot.Interrupt(entry.Key);
                    notSeenBy = 0;
                }

                if (notSeenBy == 0)
                {
                    _early.RemoveAt(i);
                }
                else
                {
                    _early[i] = entry with { NotSeenBy = notSeenBy };
                }
            }

            Volatile.Write(ref _earlyCount, _early.Count);
        }
    }
}
