using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ServiceHost.Linux;

namespace ServiceHost.Fuse;

/// <summary>
/// Messages that the server starts. All of them may be called from any thread, with one rule that the kernel's locks dictate: never from
/// an operation on the same inode or directory, and never while one that the caller waits for is unanswered. INVAL_INODE waits for pages under
/// read or write (not when it is about attributes only), INVAL_ENTRY and DELETE take the directory's lock.
/// <para>ENOENT means that the kernel does not have the object (any more), which is usually as good as success.</para>
/// </summary>
public sealed class FuseNotifier
{
    private readonly IReplyChannel _channel;
    private readonly RetrieveTable _retrieves;

    internal FuseNotifier(IReplyChannel channel, RetrieveTable retrieves)
    {
        _channel = channel;
        _retrieves = retrieves;
    }

    /// <summary>NOTIFY_POLL: whoever polls the file of this poll handle asks again.</summary>
    public Errno PollWakeup(ulong kh) => Send(FuseNotifyCode.Poll, new FuseNotifyPollWakeupOut { Kh = kh });

    /// <summary>
    /// NOTIFY_INVAL_INODE: forget attributes and, from <paramref name="offset"/>, cached data (length 0: to the end). A negative offset
    /// means attributes only.
    /// </summary>
    public Errno InvalInode(NodeId node, long offset, long length) =>
        Send(FuseNotifyCode.InvalInode, new FuseNotifyInvalInodeOut { Ino = node, Off = offset, Len = length });

    /// <summary>NOTIFY_INVAL_ENTRY: drop a name from the cache, or only make it expire.</summary>
    public Errno InvalEntry(NodeId parent, CString name, FuseInvalEntryFlags flags = 0) =>
        Send(
            FuseNotifyCode.InvalEntry,
            new FuseNotifyInvalEntryOut { Parent = parent, NameLen = (uint)name.Length, Flags = flags },
            name.Terminated);

    /// <summary>NOTIFY_DELETE: like InvalEntry, and tells watchers that the child is gone if it is the one that the kernel has.</summary>
    public Errno Delete(NodeId parent, NodeId child, CString name) =>
        Send(
            FuseNotifyCode.Delete,
            new FuseNotifyDeleteOut { Parent = parent, Child = child, NameLen = (uint)name.Length },
            name.Terminated);

    /// <summary>NOTIFY_STORE: put bytes into the page cache; may extend the file's size there.</summary>
    public Errno Store(NodeId node, ulong offset, ReadOnlySpan<byte> data) =>
        Send(
            FuseNotifyCode.Store,
            new FuseNotifyStoreOut { NodeId = node, Offset = offset, Size = (uint)data.Length },
            data);

    /// <summary>
    /// NOTIFY_RETRIEVE: have the cached bytes sent back. The callback runs once when this returns success and the connection lives; the
    /// kernel sends at most max_write bytes.
    /// </summary>
    public Errno Retrieve(NodeId node, ulong offset, uint size, RetrieveCallback callback)
    {
        ArgumentNullException.ThrowIfNull(callback);
        ulong unique = _retrieves.Add(node, callback);
        Errno errno = Send(
            FuseNotifyCode.Retrieve,
            new FuseNotifyRetrieveOut { NotifyUnique = unique, NodeId = node, Offset = offset, Size = size });
        if (errno.IsError)
        {
            _retrieves.TryTake(unique, out _, out _);
        }

        return errno;
    }

    /// <summary>NOTIFY_RESEND: every request that was read and not answered is queued again, marked <see cref="RequestId.IsResend"/>.</summary>
    public Errno Resend() => Send(FuseNotifyCode.Resend, [], []);

    /// <summary>NOTIFY_INC_EPOCH: every name cached until now is looked up again before it is used.</summary>
    public Errno IncEpoch() => Send(FuseNotifyCode.IncEpoch, [], []);

    /// <summary>NOTIFY_PRUNE: drop these inodes if nobody uses them, so that their FORGETs come.</summary>
    public Errno Prune(ReadOnlySpan<NodeId> nodes) =>
        Send(FuseNotifyCode.Prune, new FuseNotifyPruneOut { Count = (uint)nodes.Length }, MemoryMarshal.AsBytes(nodes));

    private Errno Send<T>(FuseNotifyCode code, in T fixedPart, ReadOnlySpan<byte> tail = default)
        where T : unmanaged =>
        Send(code, MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in fixedPart)), tail);

    private Errno Send(FuseNotifyCode code, ReadOnlySpan<byte> fixedPart, ReadOnlySpan<byte> tail)
    {
        int headerSize = Unsafe.SizeOf<FuseOutHeader>();
        Span<byte> head = stackalloc byte[64];
        FuseOutHeader header = new() { Len = checked((uint)(headerSize + fixedPart.Length + tail.Length)), Error = (int)code };
        MemoryMarshal.Write(head, header);
        fixedPart.CopyTo(head[headerSize..]);
        return _channel.Send(head[..(headerSize + fixedPart.Length)], tail);
    }
}
