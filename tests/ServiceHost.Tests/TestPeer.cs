using ServiceHost.Linux;

namespace ServiceHost.Tests;

/// <summary>
/// The other end of a server's conversation, under the test's control. The server's part runs on a thread of the pool; everything
/// has a deadline, so a broken rule is a failure and never a hang.
/// </summary>
internal sealed class TestPeer : IDisposable
{
    public static readonly TimeSpan Patience = Wait.Patience;

    private readonly SeqpacketSocket _socket;

    public TestPeer()
    {
        Assert.Equal(Errno.None, SeqpacketSocket.CreatePair(SeqpacketOptions.None, out SeqpacketSocket? here, out SeqpacketSocket? there));
        _socket = here!;
        Server = there!;
    }

    /// <summary>For the connection under test, which owns it.</summary>
    public SeqpacketSocket Server { get; }

    public static Deadline Soon => Deadline.In(Patience);

    public void Send(byte[] packet, params OwnedFd[] fds) => Assert.Equal(Errno.None, _socket.Send(packet, fds, Soon));

    public byte[] Receive()
    {
        Errno errno = _socket.Receive(65536, 0, Soon, out ReceivedPacket? packet);
        Assert.Equal(Errno.None, errno);
        using (packet)
        {
            return packet!.Bytes.ToArray();
        }
    }

    public void Expect(byte[] packet) => Assert.Equal(Convert.ToHexString(packet), Convert.ToHexString(Receive()));

    public void ExpectEnd() => Assert.Equal(Errno.ECONNRESET, _socket.Receive(65536, 0, Soon, out _));

    public void Dispose()
    {
        _socket.Dispose();
        Server.Dispose();
    }
}
