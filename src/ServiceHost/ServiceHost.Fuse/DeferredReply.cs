using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ServiceHost.Linux;

namespace ServiceHost.Fuse;

/// <summary>
/// The right and duty to answer one request later, from any thread, exactly once: the first completion wins, later ones return false.
/// It goes out on the device that read the request, because the kernel finds it nowhere else.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "A token source without timer and wait handle owns nothing, and disposing it would race with its interrupt.")]
public sealed class DeferredReply
{
    private readonly IReplyChannel _channel;
    private readonly InterruptTable _interrupts;
    private readonly OpcodeInfo _info;
    private readonly CancellationTokenSource _interrupt = new();
    private int _completed;

    internal DeferredReply(OpcodeInfo info, RequestId unique, IReplyChannel channel, InterruptTable interrupts)
    {
        Unique = unique;
        _info = info;
        _channel = channel;
        _interrupts = interrupts;
    }

    public RequestId Unique { get; }

    /// <summary>
    /// Cancelled when the caller was signalled (then complete with EINTR) and when the connection is gone. Callbacks run on a worker thread and
    /// must not block.
    /// </summary>
    public CancellationToken Interrupted => _interrupt.Token;

    /// <summary>Completes a request whose reply is only a result (SETLKW), or any request with an error.</summary>
    public bool TryComplete(Errno errno) => TryComplete(errno, []);

    /// <summary>Completes a request successfully with the reply structure of its opcode (POLL: <see cref="FusePollOut"/>).</summary>
    public bool TryComplete<T>(in T reply)
        where T : unmanaged =>
        TryComplete(Errno.None, MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in reply)));

    internal void Interrupt() => _interrupt.Cancel();

    private bool TryComplete(Errno errno, ReadOnlySpan<byte> body)
    {
        ThrowIfNotTheReply(errno, body.Length);
        if (Interlocked.Exchange(ref _completed, 1) != 0)
        {
            return false;
        }

        _interrupts.Remove(this);
        _interrupts.Trace?.DeferredReply(Unique, errno, body.Length);
        FuseOutHeader header = new() { Len = (uint)(Unsafe.SizeOf<FuseOutHeader>() + body.Length), Error = -errno.Number, Unique = Unique };

        // The only failures are a caller or a connection that is gone: nobody is left to be told.
        _ = _channel.Send(MemoryMarshal.AsBytes(new ReadOnlySpan<FuseOutHeader>(in header)), body);
        return true;
    }

    private void ThrowIfNotTheReply(Errno errno, int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)errno.Number, (uint)FuseProtocol.MaxErrno, nameof(errno));
        int expected = errno.IsOk ? _info.ReplySize : 0;
        if (length != expected)
        {
            throw new ArgumentException($"A reply of {length} bytes where {_info.Name} has {expected}.");
        }
    }
}
