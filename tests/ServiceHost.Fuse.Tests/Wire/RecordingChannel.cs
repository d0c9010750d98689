using ServiceHost.Linux;

namespace ServiceHost.Fuse.Tests.Wire;

/// <summary>A device that keeps what is sent to it.</summary>
internal sealed class RecordingChannel : IReplyChannel
{
    private readonly List<byte[]> _messages = [];

    public IReadOnlyList<byte[]> Messages
    {
        get
        {
            lock (_messages)
            {
                return [.. _messages];
            }
        }
    }

    public Errno Result { get; set; }

    public Errno Send(ReadOnlySpan<byte> head, ReadOnlySpan<byte> body)
    {
        byte[] message = [.. head, .. body];
        lock (_messages)
        {
            _messages.Add(message);
        }

        return Result;
    }
}
