using System.Runtime.InteropServices;
using ServiceHost.Linux;

namespace ServiceHost.Fuse;

/// <summary>
/// One thread that serves its share of the queues over its ring. Of each queue it has one entry: with the reply that it commits it fetches
/// the next request in the same call, and while it is busy the kernel gives other requests to whoever else serves that queue, instead of
/// interrupting this thread to put them into a second entry.
/// </summary>
internal sealed partial class RingWorker : IBacklog, IDisposable
{
    // fuse_uring_cmd
    private const uint FUSE_IO_URING_CMD_REGISTER = 1;
    private const uint FUSE_IO_URING_CMD_COMMIT_AND_FETCH = 2;

    // Every other number is an entry's.
    private const ulong StopMark = ulong.MaxValue;
    private const ulong WakeMark = ulong.MaxValue - 1;

    private readonly FuseSession _session;
    private readonly FuseDispatcher _dispatcher;
    private readonly IoUring _ring;
    private readonly FuseDevice _device;
    private readonly RequestSlot _slot;
    private readonly WakeEvent _stop;
    private readonly WakeEvent _wake = new();
    private readonly byte[] _scratch;
    private readonly List<RingCompletion> _held = [];

    // Replaced by the worker, never changed; others look through it.
    private volatile RingEntry[] _entries = [];

    public RingWorker(FuseSession session, FuseDispatcher dispatcher, IoUring ring, FuseDevice device, WakeEvent stop)
    {
        (_session, _dispatcher, _ring, _device, _stop) = (session, dispatcher, ring, device, stop);
        _slot = dispatcher.CreateSlot(this, this);

        // Not cleared, so that pages which are never used take no memory.
        _scratch = GC.AllocateUninitializedArray<byte>(dispatcher.PayloadSize);
        ThreadId = Libc.ThreadId;
    }

    /// <summary>The thread that made this object, and is the only one to use the ring.</summary>
    public int ThreadId { get; }

    public bool HasRequests => _ring.HasCompletions || _held.Count > 0;

    public void Wake() => _wake.Set();

    /// <summary>
    /// Hands the entries over, after INIT: from then on the kernel may use them. An error of the kernel's means that it goes on without rings, with all
    /// requests on /dev/fuse.
    /// </summary>
    public Errno Register(IReadOnlyList<int> queues)
    {
        foreach (int queue in queues)
        {
            AddEntry((ushort)queue);
        }

        AddPoll(_stop, StopMark);
        AddPoll(_wake, WakeMark);
        Errno errno = _ring.Submit(waitFor: 0);

        // A refusal is there at once; what else is there has to wait until all workers have come so far.
        while (_ring.TryTake(out RingCompletion completion))
        {
            errno = completion.Errno.IsError && completion.Errno != Errno.EAGAIN ? completion.Errno : errno;
            _held.Add(completion);
        }

        return errno;
    }

    /// <summary>Serves until <see cref="FuseSession.IsStopping"/>, which the reader of /dev/fuse sees to when the connection ends.</summary>
    public void Serve()
    {
        _held.ForEach(Handle);
        _held.Clear();
        while (!_session.IsStopping)
        {
            if (_ring.TryTake(out RingCompletion completion))
            {
                Handle(completion);
            }
            else
            {
                _slot.Sleep();
                Check(_ring.Submit(waitFor: 1));
                _slot.Wake();
            }
        }
    }

    /// <summary>The entries are of no use: another slot is this thread's now.</summary>
    public void GiveUp() => _slot.RetireBacklog();

    public void Dispose() => _wake.Dispose();

    private void Handle(RingCompletion completion)
    {
        if (completion.UserData == WakeMark)
        {
            _wake.Clear();
            AddPoll(_wake, WakeMark);
            CommitDeferred();
        }
        else if (completion.UserData != StopMark)
        {
            HandleEntry(_entries[(int)completion.UserData], completion.Errno);
        }
    }

    private void HandleEntry(RingEntry entry, Errno errno)
    {
        if (errno == Errno.EAGAIN)
        {
            RegisterAgain(entry);
            return;
        }

        if (errno.IsError)
        {
            Lose(entry, errno);
            return;
        }

        int size = entry.Begin();
        if (_dispatcher.TryDispatch(_slot, entry.Header, entry.Structure, entry.Payload, size, _scratch, out Errno answer, out int length))
        {
            Commit(entry, answer, length);
        }
        else
        {
            entry.IsDeferred = true;
            AddSpare(entry.Queue);
        }

        // The answer of a request does not wait for the one behind it.
        if (_ring.HasCompletions)
        {
            Check(_ring.Submit(waitFor: 0));
        }
    }

    // The kernel has the answer to INIT but has not worked it in: with SYNC_INIT the thread in mount(2) does that, which may not have run since. No request
    // comes before every queue has an entry, so nobody is kept waiting.
    private void RegisterAgain(RingEntry entry)
    {
        Thread.Sleep(millisecondsTimeout: 1);
        SubmitEntry(entry);
    }

    // The entry is gone. At the end of the connection that is how it should be; at any other time callers would wait for ever.
    private void Lose(RingEntry entry, Errno errno)
    {
        if (errno != Errno.ENOTCONN && errno != Errno.ECONNABORTED && errno != Errno.ENODEV && errno != Errno.ECANCELED)
        {
            _session.End(FuseSessionEndReason.Failed, errno, $"queue {entry.Queue} of the ring failed: {errno}");
        }
    }

    private void Commit(RingEntry entry, Errno errno, int length) =>
        AddCommand(FUSE_IO_URING_CMD_COMMIT_AND_FETCH, entry, entry.End(errno, length), buffers: null);

    private void AddEntry(ushort queue)
    {
        RingEntry entry = new(_entries.Length, queue, _dispatcher.PayloadSize);
        _entries = [.. _entries, entry];
        SubmitEntry(entry);
    }

    private void SubmitEntry(RingEntry entry) =>
        AddCommand(FUSE_IO_URING_CMD_REGISTER, entry, new FuseUringCmdReq { Qid = entry.Queue }, entry.Buffers);

    private void AddCommand(uint command, RingEntry entry, in FuseUringCmdReq request, BufferPair? buffers)
    {
        ReadOnlySpan<byte> argument = MemoryMarshal.AsBytes(new ReadOnlySpan<FuseUringCmdReq>(in request));
        while (!(buffers is null
            ? _ring.TryAddCommand(_device.Fd, command, (ulong)entry.Index, argument)
            : _ring.TryAddCommand(_device.Fd, command, (ulong)entry.Index, argument, buffers)))
        {
            MakeRoom();
        }
    }

    private void AddPoll(WakeEvent watched, ulong mark)
    {
        while (!_ring.TryAddPoll(watched.Fd, mark))
        {
            MakeRoom();
        }
    }

    // The kernel takes every submission at once, unless it has no memory for it.
    private void MakeRoom()
    {
        Errno errno = _ring.Submit(waitFor: 0);
        if (errno.IsError && errno != Errno.EINTR)
        {
            throw new InvalidOperationException($"The kernel does not take what was submitted: {errno}.");
        }
    }

    private void Check(Errno errno)
    {
        if (errno.IsError && errno != Errno.EINTR && errno != Errno.EAGAIN && errno != Errno.EBUSY)
        {
            _session.End(FuseSessionEndReason.Failed, errno, $"io_uring_enter failed: {errno}");
        }
    }
}
