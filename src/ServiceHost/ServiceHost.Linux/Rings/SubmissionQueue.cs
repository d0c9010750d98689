namespace ServiceHost.Linux;

/// <summary>
/// The words of the submission ring. The kernel moves the head, we move the tail: an entry is written before the tail that gives it away, and
/// not written again before the head has passed it.
/// </summary>
internal readonly unsafe struct SubmissionQueue
{
    private readonly uint* _head;
    private readonly uint* _tail;
    private readonly uint _entries;

    public SubmissionQueue(byte* ring, in RingParameters parameters)
    {
        _head = (uint*)(ring + parameters.Submission.Head);
        _tail = (uint*)(ring + parameters.Submission.Tail);
        _entries = parameters.SubmissionEntries;

        // Entry i of the ring is entry i of the array, for ever.
        uint* indices = (uint*)(ring + parameters.Submission.Word6);
        for (uint i = 0; i < _entries; i++)
        {
            indices[i] = i;
        }
    }

    /// <summary>Not the submission queue of a ring that was disposed.</summary>
    public bool IsMapped => _head is not null;

    /// <summary>Entries that the kernel has not taken.</summary>
    public uint Pending => *_tail - Volatile.Read(ref *_head);

    /// <summary>The entry to write next.</summary>
    public bool TryPeek(out uint index)
    {
        index = *_tail & (_entries - 1);
        return Pending < _entries;
    }

    /// <summary>Gives the entry of <see cref="TryPeek"/> away.</summary>
    public void Advance() => Volatile.Write(ref *_tail, *_tail + 1);
}
