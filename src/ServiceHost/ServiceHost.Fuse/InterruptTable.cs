namespace ServiceHost.Fuse;

/// <summary>
/// Finds the victim of an INTERRUPT: in a worker's slot, among the deferred requests, or nowhere yet.
/// <para>The kernel sends INTERRUPT only after some worker has read the victim, but that worker may not have begun it when another one
/// reads the INTERRUPT. Answering EAGAIN (the protocol's way to have it sent again) is no way out with cloned devices: the kernel looks
/// for the victim on the clone that the answer comes from. So an interrupt without a victim is kept for those workers that are just reading
/// (<see cref="RequestSlot.Reading"/>): the first thing each of them does, beginning a request or going to sleep, tells whether it had the
/// victim. When none had it, the victim was answered before, and the entry goes.</para>
/// <para>A worker of a ring has requests that it has not begun without having looked for one: the kernel puts them into its buffers. It is asked every
/// time, and it has told only when it goes to sleep with nothing in its ring; a worker that sleeps already is woken for that.</para>
/// <para>Two threads that write one word each and then read the other's cannot both miss: a worker shows its slot and then looks at
/// the count of entries, an interrupt is entered and then looks at the slots, with a full barrier between on both sides.</para>
/// </summary>
internal sealed class InterruptTable(FuseTrace? trace)
{
    private const int MaxEarly = 64;
    private readonly Lock _lock = new();
    private readonly Dictionary<ulong, DeferredReply> _deferred = []; // under _lock
    private readonly List<Early> _early = new(MaxEarly); // under _lock
    private RequestSlot[] _slots = []; // replaced under _lock, never changed
    private int _earlyCount; // written under _lock, read without

    /// <summary>An interrupt whose victim may be with one of the workers in the bit set.</summary>
    private record struct Early(ulong Key, ulong Candidates);

    /// <summary>Where the answers of deferred requests are told.</summary>
    internal FuseTrace? Trace => trace;

    internal RequestSlot AddSlot(IReplyChannel channel, FuseStatistics.WorkerCounters counters, IBacklog? backlog = null)
    {
        lock (_lock)
        {
            if (_slots.Length == FuseSession.MaxWorkers)
            {
                throw new InvalidOperationException($"A dispatcher has at most {FuseSession.MaxWorkers} slots.");
            }

            RequestSlot slot = new(_slots.Length, channel, this, counters, backlog);
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
            if (!_deferred.TryGetValue(victim.Key, out deferred))
            {
                return MarkOrKeep(victim.Key);
            }
        }

        // Outside of the lock: it runs callbacks.
        deferred.Interrupt();
        return true;
    }

    /// <summary>Called by a worker after its slot has left the state <see cref="RequestSlot.Reading"/>.</summary>
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
            _deferred[reply.Unique.Key] = reply;
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
            // A resent request has the key of the one whose answer is still pending here.
            if (_deferred.TryGetValue(reply.Unique.Key, out DeferredReply? known) && known == reply)
            {
                _deferred.Remove(reply.Unique.Key);
            }
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

    private bool MarkOrKeep(ulong key)
    {
        if (_early.Count == MaxEarly)
        {
            Interlocked.MemoryBarrier();
            return Mark(key, out _);
        }

        Volatile.Write(ref _earlyCount, _early.Count + 1);
        Interlocked.MemoryBarrier();
        if (!Mark(key, out ulong candidates) && candidates != 0)
        {
            _early.Add(new Early(key, candidates));
        }

        Volatile.Write(ref _earlyCount, _early.Count);
        foreach (RequestSlot slot in _early.Count == 0 ? [] : _slots)
        {
            slot.Backlog?.Wake();
        }

        return true;
    }

    private bool Mark(ulong key, out ulong candidates)
    {
        candidates = 0;
        bool found = false;
        foreach (RequestSlot slot in _slots)
        {
            ulong inHand = slot.Key;
            if (inHand == key)
            {
                // Not the end of the search: a resent request can be in two hands.
                slot.Interrupt(key);
                found = true;
            }
            else if (inHand == RequestSlot.Reading || slot.Backlog is not null)
            {
                candidates |= 1UL << slot.Index;
            }
        }

        return found;
    }

    private void ClaimEarly(RequestSlot slot)
    {
        lock (_lock)
        {
            for (int i = _early.Count - 1; i >= 0; i--)
            {
                Early entry = _early[i];
                if (entry.Key == slot.Key)
                {
                    slot.Interrupt(entry.Key);
                }

                ulong told = slot.MayHaveMore ? 0 : 1UL << slot.Index;
                ulong candidates = entry.Key == slot.Key ? 0 : entry.Candidates & ~told;
                if (candidates == 0)
                {
                    _early.RemoveAt(i);
                }
                else
                {
                    _early[i] = entry with { Candidates = candidates };
                }
            }

            Volatile.Write(ref _earlyCount, _early.Count);
        }
    }
}
