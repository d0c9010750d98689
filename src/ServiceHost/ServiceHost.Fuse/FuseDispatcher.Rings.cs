using System.Runtime.CompilerServices;
using ServiceHost.Linux;

namespace ServiceHost.Fuse;

// What a ring delivers and takes back in parts.
public sealed partial class FuseDispatcher
{
    /// <summary>Bytes that the payload buffer of a ring entry has at least: any request without its header, any reply without its header.</summary>
    internal int PayloadSize => Math.Max(RequestBufferSize, ReplyBufferSize);

    /// <summary>
    /// Handles the request of a ring entry: <paramref name="structure"/> is where the kernel puts the opcode's structure, and the first
    /// <paramref name="requestSize"/> bytes of <paramref name="payload"/> are what follows it. The reply is at the front of the same buffer, and
    /// <paramref name="length"/> bytes long. No operation sees the buffer as both: <paramref name="scratch"/>, as long as the buffer, takes
    /// the smaller part. False when the request was deferred.
    /// </summary>
    internal bool TryDispatch(
        RequestSlot slot,
        in FuseInHeader header,
        ReadOnlySpan<byte> structure,
        Span<byte> payload,
        int requestSize,
        Span<byte> scratch,
        out Errno errno,
        out int length)
    {
        length = 0;
        OpcodeInfo? info = OpcodeInfo.Find(header.Opcode);
        if (info is null || (uint)requestSize > (uint)payload.Length)
        {
            errno = RefuseEntry(info, header, requestSize);
            return true;
        }

        // A long reply is written where it belongs, and then the request moves: it is a name, if anything.
        bool inPlace = info.Reply == ReplyKind.Variable;
        Span<byte> request = inPlace ? scratch[..requestSize] : payload[..requestSize];
        if (inPlace)
        {
            payload[..requestSize].CopyTo(request);
        }

        RequestBytes bytes = PartsOf(info, header, structure, request);
        _trace?.Request(info, header, bytes);
        Span<byte> room = inPlace ? payload : scratch;
        if (!TryHandle(slot, info, header, bytes, room, out errno, out length))
        {
            return false;
        }

        errno = info.IsAnswered ? errno : Errno.None;
        length = errno.IsOk && info.IsAnswered ? length : 0;
        if (!inPlace)
        {
            room[..length].CopyTo(payload);
        }

        _trace?.Reply(header, errno, length);
        return true;
    }

    /// <summary>A slot of a worker whose requests come by a ring.</summary>
    internal RequestSlot CreateSlot(IReplyChannel channel, IBacklog backlog) => _interrupts.AddSlot(channel, Statistics.AddWorker(), backlog);

    // The header's length tells where the structure is: NOTIFY_REPLY has it in front of its data.
    private RequestBytes PartsOf(OpcodeInfo info, in FuseInHeader header, ReadOnlySpan<byte> structure, ReadOnlySpan<byte> rest) =>
        header.Len == Unsafe.SizeOf<FuseInHeader>() + rest.Length
            ? RequestBytes.Behind(rest)
            : RequestBytes.Split(structure[..info.FixedSizeFor(_connection)], rest);

    private Errno RefuseEntry(OpcodeInfo? info, in FuseInHeader header, int requestSize)
    {
        if (info is null)
        {
            ReportUnknown(header, (int)header.Len);
            return Errno.ENOSYS;
        }

        ReportMalformed(info, header, requestSize);
        return Errno.EIO;
    }
}
