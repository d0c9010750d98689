namespace ServiceHost.Fuse;

/// <summary>Request bytes in, reply bytes out.</summary>
public sealed class FuseDispatcher
{
    private readonly InterruptTable _interrupts = new();

    /// <summary>One per thread that dispatches; <paramref name="channel"/> takes deferred replies.</summary>
    public RequestSlot CreateSlot(IReplyChannel channel) => _interrupts.AddSlot(channel);

    /// <summary>
    /// Handles one request and writes its reply; the result is the reply's length, 0 for none. <paramref name="reply"/> has at least
    /// 16 bytes more than <see cref="FuseConnection.MaxReply"/>.
    /// </summary>
    public int Dispatch(RequestSlot slot, ReadOnlySpan<byte> request, Span<byte> reply) => throw new NotSupportedException($"not landed yet {_interrupts}");
}
