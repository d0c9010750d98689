namespace ServiceHost.Linux;

/// <summary>
/// The words of the completion ring. The kernel moves the tail, we move the head: a completion is read after the tail that gives it to
/// us, and its place is given back when it was copied.
/// </summary>
internal readonly unsafe struct CompletionQueue
{
    private readonly uint* _head;
    private readonly uint* _tail;
    private readonly RingCompletion* _completions;
    private readonly uint _mask;

    public CompletionQueue(byte* ring, in RingParameters parameters)
    {
        _head = (uint*)(ring + parameters.Completion.Head);
        _tail = (uint*)(ring + parameters.Completion.Tail);
        _completions = (RingCompletion*)(ring + parameters.Completion.Word5);
        _mask = parameters.CompletionEntries - 1;
    }

    /// <summary>Not the completion queue of a ring that was disposed.</summary>
    public bool IsMapped => _head is not null;

    public bool IsEmpty => *_head == Volatile.Read(ref *_tail);

    public bool TryTake(out RingCompletion completion)
    {
        if (IsEmpty)
        {
            completion = default;
            return false;
        }

        completion = _completions[*_head & _mask];
        Volatile.Write(ref *_head, *_head + 1);
        return true;
    }
}
