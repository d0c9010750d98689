using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ServiceHost.Linux;

namespace ServiceHost.Fuse;

/// <summary>One request on its way through the dispatcher: what was asked, and where the answer goes.</summary>
internal ref struct FuseCall(IReplyChannel channel, RequestContext context, NodeId node, RequestBody body, Span<byte> reply)
{
    private readonly RequestBody _body = body;

    public readonly RequestContext Context = context;

    /// <summary>The device that the request came from.</summary>
    public IReplyChannel Channel { get; } = channel;

    public NodeId Node { get; } = node;

    /// <summary>Room for what follows the reply header.</summary>
    public Span<byte> Reply { get; } = reply;

    /// <summary>Bytes of <see cref="Reply"/> that are the answer if the operation succeeds.</summary>
    public int Length { get; private set; }

    /// <summary>Set when a length inside the request does not fit the packet.</summary>
    public bool IsMalformed { get; private set; }

    public readonly CString Name => _body.Name;

    public readonly CString SecondName => _body.SecondName;

    public readonly ReadOnlySpan<byte> Data => _body.Data;

    public readonly T Fixed<T>()
        where T : unmanaged => _body.Fixed<T>();

    public Errno Malformed()
    {
        IsMalformed = true;
        return Errno.EINVAL;
    }

    /// <summary>Appends one reply structure. It is sent only if the operation succeeds, so it may be put without asking.</summary>
    public Errno Put<T>(in T value)
        where T : unmanaged
    {
        MemoryMarshal.Write(Reply[Length..], value);
        Length += Unsafe.SizeOf<T>();
        return Errno.None;
    }

    /// <summary>Counts bytes that the filesystem wrote into the reply itself; what it reports together with an error means nothing.</summary>
    public Errno PutWritten(Errno errno, int count, int limit)
    {
        if (errno.IsOk)
        {
            Length += CheckedCount(count, limit);
        }

        return errno;
    }

    /// <summary>A count that the filesystem reported; more than was asked for is a bug that the kernel would turn into EIO without a trace.</summary>
    public static int CheckedCount(int count, int limit) =>
        (uint)count <= (uint)limit
            ? count
            : throw new InvalidOperationException($"The filesystem reported {count} bytes where at most {limit} were asked for.");
}
