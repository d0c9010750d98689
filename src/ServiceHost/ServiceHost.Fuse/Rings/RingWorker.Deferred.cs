using System.Runtime.InteropServices;
using ServiceHost.Linux;

namespace ServiceHost.Fuse;

// Answers that other threads give. Only the worker may touch the ring, so they are left here and it is woken.
internal sealed partial class RingWorker : IReplyChannel
{
    /// <summary>
    /// Deferred requests keep their entry, and a queue without one is a CPU whose callers wait. So many are replaced; a filesystem that
    /// defers more at a time, and for long, is better served over /dev/fuse, where a request in hand takes no room.
    /// </summary>
    private const int MaxEntries = 1024;

    private readonly Lock _answersLock = new();
    private readonly Queue<RingEntry> _answers = []; // under _answersLock

    /// <summary>The answer of a request that was deferred. ENOENT: it is not here (any more).</summary>
    public Errno Send(ReadOnlySpan<byte> head, ReadOnlySpan<byte> body)
    {
        FuseOutHeader header = MemoryMarshal.Read<FuseOutHeader>(head);
        RingEntry? entry = Array.Find(_entries, candidate => candidate.Has(header.Unique));
        if (entry is null)
        {
            return Errno.ENOENT;
        }

        byte[] copy = body.ToArray();
        lock (_answersLock)
        {
            entry.DeferredErrno = new Errno(-header.Error);
            entry.DeferredBody = copy;
            _answers.Enqueue(entry);
        }

        Wake();
        return Errno.None;
    }

    private void CommitDeferred()
    {
        while (TryTakeAnswer(out RingEntry? entry))
        {
            entry!.DeferredBody.CopyTo(entry.Payload);
            Commit(entry, entry.DeferredErrno, entry.DeferredBody.Length);
        }
    }

    private bool TryTakeAnswer(out RingEntry? entry)
    {
        lock (_answersLock)
        {
            return _answers.TryDequeue(out entry);
        }
    }

    /// <summary>
    /// The kernel does not look for waiting requests when an entry is registered, only when one is committed or when a request comes. So the new
    /// one has to be there before it is needed: as long as this worker has any entry of the queue that is not deferred, that one will do.
    /// </summary>
    private void AddSpare(ushort queue)
    {
        if (_entries.Length < MaxEntries && !Array.Exists(_entries, entry => entry.Queue == queue && !entry.IsDeferred))
        {
            AddEntry(queue);
        }
    }
}
