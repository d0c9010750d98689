namespace ServiceHost.Linux;

/// <summary>One packet as it arrived. Dispose closes the descriptors that nobody took.</summary>
public sealed class ReceivedPacket(byte[] bytes, FdList fds, PeerCredentials? sender) : IDisposable
{
    public ReadOnlySpan<byte> Bytes => bytes;

    public FdList Fds { get; } = fds;

    /// <summary>Who sent it, as the kernel attests; only on a socket that asked for credentials.</summary>
    public PeerCredentials? Sender { get; } = sender;

    public void Dispose() => Fds.Dispose();
}
