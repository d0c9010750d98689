using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ServiceHost.Linux;

namespace ServiceHost.Fuse;

/// <summary>
/// Request bytes in, reply bytes out: the protocol without any I/O. A /dev/fuse reader, an io_uring or a test drives it in the same way:
/// <code>
/// var dispatcher = new FuseDispatcher(fileSystem, new FuseInitOptions());
/// RequestSlot slot = dispatcher.CreateSlot(channel);            // one per thread
/// int length = dispatcher.Dispatch(slot, request, reply);       // INIT first; 0: nothing to send
/// </code>
/// After the first requests a dispatch allocates nothing, unless the filesystem does, an exception passes, or the request is deferred.
/// </summary>
public sealed partial class FuseDispatcher
{
    private readonly FuseFileSystem _fileSystem;
    private readonly FuseInitOptions _options;
    private readonly IBackingFiles? _backingFiles;
    private readonly FaultLog _log;
    private readonly FuseTrace? _trace;
    private readonly InterruptTable _interrupts;
    private readonly RetrieveTable _retrieves = new();
    private volatile FuseConnection? _connection; // set once, by the worker that handles INIT

    public FuseDispatcher(FuseFileSystem fileSystem, FuseInitOptions init, FuseSessionOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(fileSystem);
        ArgumentNullException.ThrowIfNull(init);
        options ??= new FuseSessionOptions();
        init.ThrowIfContradictory();
        _fileSystem = fileSystem;
        _backingFiles = options.BackingFiles;
        _options = _backingFiles is null ? init with { Wanted = init.Wanted & ~FuseInitFlags.Passthrough } : init;
        _log = new FaultLog(options.Log, TimeProvider.System);
        _trace = options.Trace;
        _interrupts = new InterruptTable(_trace);
    }

    /// <summary>What INIT agreed on; null before.</summary>
    public FuseConnection? Connection => _connection;

    /// <summary>Why INIT was refused, null otherwise: the connection is of no use then.</summary>
    public string? InitRefusal { get; private set; }

    public FuseStatistics Statistics { get; } = new();

    /// <summary>Room that a reply needs at most, header included.</summary>
    public int ReplyBufferSize => Unsafe.SizeOf<FuseOutHeader>() + Unsafe.SizeOf<FuseIoctlOut>() + FuseNegotiation.MaxReply(_options);

    /// <summary>Room that a request needs at most.</summary>
    public int RequestBufferSize => FuseNegotiation.RequestBufferSize(_options);

    internal InterruptTable Interrupts => _interrupts;

    internal FaultLog Log => _log;

    /// <summary>One per thread that dispatches. <paramref name="channel"/> takes deferred replies and the notifications.</summary>
    public RequestSlot CreateSlot(IReplyChannel channel)
    {
        ArgumentNullException.ThrowIfNull(channel);
        return _interrupts.AddSlot(channel, Statistics.AddWorker());
    }

    /// <summary>Messages to the kernel through <paramref name="channel"/>.</summary>
    public FuseNotifier CreateNotifier(IReplyChannel channel) => new(channel, _retrieves);

    /// <summary>
    /// Handles one request and writes its reply to the front of <paramref name="reply"/>, which has <see cref="ReplyBufferSize"/> bytes.
    /// The result is the reply's length; 0 when there is nothing to send.
    /// </summary>
    public int Dispatch(RequestSlot slot, ReadOnlySpan<byte> request, Span<byte> reply)
    {
        ArgumentNullException.ThrowIfNull(slot);
        if (!MemoryMarshal.TryRead(request, out FuseInHeader header))
        {
            ReportMalformed(null, header, request.Length);
            return 0;
        }

        OpcodeInfo? info = OpcodeInfo.Find(header.Opcode);
        RequestBytes bytes = RequestBytes.Contiguous(request);
        _trace?.Request(info, header, bytes);
        int length = info is null ? Unknown(header, request.Length, reply) : Dispatch(slot, info, header, bytes, reply);
        _trace?.Reply(header, reply[..length]);
        return length;
    }

    private int Dispatch(RequestSlot slot, OpcodeInfo info, in FuseInHeader header, in RequestBytes bytes, Span<byte> reply)
    {
        if (!TryHandle(slot, info, header, bytes, reply[Unsafe.SizeOf<FuseOutHeader>()..], out Errno errno, out int length))
        {
            return 0;
        }

        return info.IsAnswered ? WriteReply(header, errno, length, reply) : RejectInterrupt(info, header, errno, reply);
    }

    /// <summary>False when the request was deferred: its answer comes another way.</summary>
    private bool TryHandle(
        RequestSlot slot, OpcodeInfo info, in FuseInHeader header, in RequestBytes bytes, Span<byte> room, out Errno errno, out int length)
    {
        length = 0;
        slot.Begin(info, header);
        try
        {
            errno = Handle(slot, info, header, bytes, room, out length);
            ThrowIfUnsendable(errno);
        }
        catch (Exception exception)
        {
            // The one catch-all of the library: a bug in a handler costs its request and nothing else.
            ReportFault(info, header, exception);
            errno = Errno.EIO;
        }

        slot.End(errno);
        if (slot.Deferred is { } deferred && errno.IsError)
        {
            deferred.TryComplete(errno);
        }

        return slot.Deferred is null;
    }

    private Errno Handle(
        RequestSlot slot, OpcodeInfo info, in FuseInHeader header, in RequestBytes bytes, Span<byte> room, out int length)
    {
        length = 0;
        if (_connection is null != (info.Opcode == FuseOpcode.Init))
        {
            // Nothing may come before INIT, and INIT comes once; the kernel keeps to it.
            ReportMalformed(info, header, bytes.Length);
            return Errno.EIO;
        }

        RequestBody body = default;
        Errno errno = header.Len == bytes.Length
            ? RequestBody.Parse(info, _connection, header.TotalExtLen * 8, bytes, out body)
            : Errno.EINVAL;
        if (errno.IsOk)
        {
            FuseCall call = new(slot.Channel, new RequestContext(slot, header, body.Extensions), header.NodeId, body, room);
            errno = Route(info.Opcode, ref call);
            length = call.Length;
            if (!call.IsMalformed)
            {
                return errno;
            }
        }

        ReportMalformed(info, header, bytes.Length);
        return errno;
    }

    private static int WriteReply(in FuseInHeader request, Errno errno, int length, Span<byte> reply)
    {
        int total = Unsafe.SizeOf<FuseOutHeader>() + (errno.IsOk ? length : 0);
        MemoryMarshal.Write(reply, new FuseOutHeader { Len = (uint)total, Error = -errno.Number, Unique = request.Unique });
        return total;
    }

    // INTERRUPT is answered in one case only: EAGAIN has it sent again.
    private static int RejectInterrupt(OpcodeInfo info, in FuseInHeader header, Errno errno, Span<byte> reply) =>
        info.Opcode == FuseOpcode.Interrupt && errno == Errno.EAGAIN ? WriteReply(header, errno, 0, reply) : 0;

    private int Unknown(in FuseInHeader header, int length, Span<byte> reply)
    {
        ReportUnknown(header, length);
        return WriteReply(header, Errno.ENOSYS, 0, reply);
    }

    private void ReportUnknown(in FuseInHeader header, int length)
    {
        Statistics.CountUnknown();
        if (_log.WouldWrite())
        {
            _log.Write($"fuse: unknown opcode {(uint)header.Opcode} ({length} bytes) was answered with ENOSYS");
        }
    }

    private void ReportMalformed(OpcodeInfo? info, in FuseInHeader header, int length)
    {
        Statistics.CountMalformed();
        if (_log.WouldWrite())
        {
            _log.Write($"fuse: malformed request: opcode {info?.Name ?? "none"}, unique {header.Unique}, len {header.Len}, {length} bytes read");
        }
    }

    internal void ReportRejectedReply(ReadOnlySpan<byte> request, int length, Errno errno)
    {
        Statistics.CountRejectedReply();
        if (_log.WouldWrite())
        {
            FuseInHeader header = MemoryMarshal.Read<FuseInHeader>(request);
            _log.Write($"fuse: the kernel did not take a reply of {length} bytes to {header.Opcode}: {errno}");
        }
    }

    private void ReportFault(OpcodeInfo info, in FuseInHeader header, Exception exception)
    {
        Statistics.CountFault();
        if (_log.WouldWrite())
        {
            _log.Write($"fuse: {info.Name} of node {header.NodeId} failed with an exception and was answered with EIO: {exception}");
        }
    }

    // The kernel rejects such a reply, and the caller would get EIO without a word in the log.
    private static void ThrowIfUnsendable(Errno errno)
    {
        if ((uint)errno.Number > FuseProtocol.MaxErrno)
        {
            throw new InvalidOperationException($"The filesystem returned {errno.Number}, which is no error number.");
        }
    }
}
