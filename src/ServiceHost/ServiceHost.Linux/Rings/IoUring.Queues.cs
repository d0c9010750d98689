using System.Runtime.CompilerServices;

namespace ServiceHost.Linux;

// What goes into a ring and what comes out of it.
public sealed unsafe partial class IoUring
{
    private const uint IORING_ENTER_GETEVENTS = 1;
    private const uint POLLIN = 1;

    private SubmissionQueue _submission;
    private CompletionQueue _completion;

    /// <summary>Whether a completion can be taken now.</summary>
    public bool HasCompletions => Mapped(_completion).IsMapped && !_completion.IsEmpty;

    /// <summary>Adds IORING_OP_NOP, which completes and does nothing else. False when the queue is full.</summary>
    public bool TryAddNop(ulong userData) => TryAdd(new SubmissionEntry { Opcode = RingOpcode.Nop, UserData = userData }, []);

    /// <summary>Adds IORING_OP_POLL_ADD: completes once, when there is something to read. False when the queue is full.</summary>
    public bool TryAddPoll(Fd fd, ulong userData) => TryAdd(
        new SubmissionEntry { Opcode = RingOpcode.PollAdd, Fd = fd.Number, OperationFlags = POLLIN, UserData = userData }, []);

    /// <summary>
    /// Adds IORING_OP_URING_CMD with up to 80 bytes for the driver, which the kernel has copied when <see cref="Submit"/> returns. Needs
    /// <see cref="RingSetup.WideEntries"/>. False when the queue is full.
    /// </summary>
    public bool TryAddCommand(Fd fd, uint command, ulong userData, ReadOnlySpan<byte> argument) =>
        TryAddCommand(fd, command, userData, argument, address: 0, length: 0);

    /// <summary>The same, with two buffers that the driver keeps: they must live until it has let go of them.</summary>
    public bool TryAddCommand(Fd fd, uint command, ulong userData, ReadOnlySpan<byte> argument, BufferPair buffers)
    {
        ArgumentNullException.ThrowIfNull(buffers);
        return TryAddCommand(fd, command, userData, argument, buffers.VectorAddress, BufferPair.Count);
    }

    /// <summary>
    /// io_uring_enter(2): hands over what was added and then sleeps until <paramref name="waitFor"/> completions are there; 0 does not
    /// sleep. EINTR and EAGAIN mean nothing but that it may be called again.
    /// </summary>
    public Errno Submit(int waitFor)
    {
        uint pending = Mapped(_submission).Pending;
        return pending == 0 && waitFor == 0
            ? Errno.None
            : Errno.Of(SystemCall.Call(
                SystemCallNumber.IoUringEnter, _fd.Number, (nint)pending, waitFor, waitFor > 0 ? (nint)IORING_ENTER_GETEVENTS : 0));
    }

    /// <summary>Takes the oldest completion; false when there is none.</summary>
    public bool TryTake(out RingCompletion completion) => Mapped(_completion).TryTake(out completion);

    internal bool TryAdd(in SubmissionEntry entry, ReadOnlySpan<byte> argument)
    {
        if (!Mapped(_submission).TryPeek(out uint index))
        {
            return false;
        }

        Span<byte> place = new((byte*)_entries.Address + (index * (uint)_entrySize), _entrySize);
        place.Clear();
        Unsafe.WriteUnaligned(ref place[0], entry);
        argument.CopyTo(place[SubmissionEntry.CommandOffset..]);
        _submission.Advance();
        return true;
    }

    private bool TryAddCommand(Fd fd, uint command, ulong userData, ReadOnlySpan<byte> argument, nint address, int length) => TryAdd(
        new SubmissionEntry
        {
            Opcode = RingOpcode.Command,
            Fd = fd.Number,
            Offset = command,
            Address = (ulong)address,
            Length = (uint)length,
            UserData = userData,
        },
        argument);

    private SubmissionQueue Mapped(SubmissionQueue queue) => queue.IsMapped ? queue : throw new ObjectDisposedException(nameof(IoUring));

    private CompletionQueue Mapped(CompletionQueue queue) => queue.IsMapped ? queue : throw new ObjectDisposedException(nameof(IoUring));
}
