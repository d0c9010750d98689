using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ServiceHost.Linux;

namespace ServiceHost.Fuse;

/// <summary>
/// One place in a queue: buffers into which the kernel puts a request, and takes the reply from. It is the kernel's from the moment it is
/// handed over until a completion says that a request is there; then it is its worker's until that has committed the reply.
/// </summary>
internal sealed class RingEntry(int index, ushort queue, int payloadSize)
{
    private const int StructureStart = 128;
    private const int WordsStart = 256;

    private ulong _unique;
    private ulong _commitId;

    public int Index { get; } = index;

    public ushort Queue { get; } = queue;

    public BufferPair Buffers { get; } = new(Unsafe.SizeOf<FuseUringReqHeader>(), payloadSize);

    /// <summary>The request in hand was deferred. Worker only.</summary>
    public bool IsDeferred { get; set; }

    /// <summary>The reply of a deferred request, once it is there. Written by who completes it, read by the worker, handed over under its lock.</summary>
    public Errno DeferredErrno { get; set; }

    public byte[] DeferredBody { get; set; } = [];

    public FuseInHeader Header => MemoryMarshal.Read<FuseInHeader>(Buffers.First);

    /// <summary>The opcode's structure, if it has one; else bytes of an earlier request.</summary>
    public ReadOnlySpan<byte> Structure => Buffers.First[StructureStart..WordsStart];

    public Span<byte> Payload => Buffers.Second;

    /// <summary>Whether this is the request in hand, which any thread may ask.</summary>
    public bool Has(RequestId unique) => Volatile.Read(ref _unique) == unique.Value;

    /// <summary>A request is there; the result is the size of what is in <see cref="Payload"/>.</summary>
    public int Begin()
    {
        FuseUringEntInOut words = MemoryMarshal.Read<FuseUringEntInOut>(Buffers.First[WordsStart..]);
        _commitId = words.CommitId;
        Volatile.Write(ref _unique, Header.Unique.Value);
        return (int)words.PayloadSz;
    }

    /// <summary>Writes what goes beside the payload. The result is what the command that commits it says.</summary>
    public FuseUringCmdReq End(Errno errno, int length)
    {
        FuseOutHeader answer = new()
        {
            Len = (uint)(Unsafe.SizeOf<FuseOutHeader>() + length),
            Error = -errno.Number,
            Unique = new RequestId(_unique),
        };
        MemoryMarshal.Write(Buffers.First, answer);
        MemoryMarshal.Write(Buffers.First[WordsStart..], new FuseUringEntInOut { CommitId = _commitId, PayloadSz = (uint)length });
        Volatile.Write(ref _unique, 0);
        IsDeferred = false;
        return new FuseUringCmdReq { CommitId = _commitId, Qid = Queue };
    }
}
