using ServiceHost.Linux;

namespace ServiceHost.Fuse;

/// <summary>
/// Where replies and notifications go that are not the return value of <see cref="FuseDispatcher.Dispatch"/>: a /dev/fuse descriptor,
/// or whatever stands in its place in a test or another transport. Called from any thread.
/// </summary>
public interface IReplyChannel
{
    /// <summary>Sends one message whose two parts follow each other without a gap.</summary>
    Errno Send(ReadOnlySpan<byte> head, ReadOnlySpan<byte> body);
}
