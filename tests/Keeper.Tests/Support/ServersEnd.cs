using ServiceHost.Linux;
using ServiceHost.MountProtocol;

namespace Keeper.Tests;

/// <summary>The server's end of a channel, for saying what no server should.</summary>
internal sealed class ServersEnd : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private readonly SeqpacketSocket _socket;

    private ServersEnd(SeqpacketSocket socket) => _socket = socket;

    public OwnedFd Handle => _socket.Handle;

    public static ServersEnd Pair(out OwnedFd keepersEnd)
    {
        Assert.Equal(Errno.None, SeqpacketSocket.CreatePair(SeqpacketOptions.None, out SeqpacketSocket? server, out SeqpacketSocket? keeper));
        keepersEnd = keeper!.Handle;
        return new ServersEnd(server!);
    }

    public void Greet(uint? quota = null)
    {
        Say(KeeperMessage.Hello);
        KeeperMessage reply = Read();
        Assert.Equal(Tag.HelloReply, reply.Tag);
        Assert.Equal(quota ?? reply.Extra, reply.Extra);
    }

    public KeeperMessage Register(OwnedFd file)
    {
        Say(KeeperMessage.Register, file);
        return Read();
    }

    /// <summary>Registers and returns the id.</summary>
    public int Accepted(OwnedFd file)
    {
        KeeperMessage answer = Register(file);
        Assert.Equal((Tag.KeeperAnswer, KeeperRefusal.None), (answer.Tag, answer.Refusal));
        Assert.NotEqual(0u, answer.Value);
        return (int)answer.Value;
    }

    public void Refused(OwnedFd file, KeeperRefusal refusal)
    {
        KeeperMessage answer = Register(file);
        Assert.Equal((Tag.KeeperAnswer, refusal), (answer.Tag, answer.Refusal));
        Assert.Equal(0u, answer.Value);
        Assert.True(answer.Errno.IsError);
    }

    public KeeperMessage Release(int id)
    {
        Say(KeeperMessage.Release(id));
        return Read();
    }

    public void Say(KeeperMessage message, params OwnedFd[] fds)
    {
        byte[] packet = new byte[KeeperMessage.Size];
        message.Encode(packet);
        Say(packet, fds);
    }

    public void Say(byte[] packet, params OwnedFd[] fds) => Assert.Equal(Errno.None, TrySay(packet, fds));

    /// <summary>For what may find the keeper gone already.</summary>
    public Errno TrySay(byte[] packet, params OwnedFd[] fds) => _socket.Send(packet, fds, Deadline.In(s_patience));

    public Errno SayNow(byte[] packet) => Libc.SendNow(_socket.Handle, packet);

    public KeeperMessage Read()
    {
        Errno errno = _socket.Receive(Limits.PacketBytes, 0, Deadline.In(s_patience), out ReceivedPacket? packet);
        Assert.Equal(Errno.None, errno);
        using (packet)
        {
            Assert.True(KeeperMessage.TryDecode(packet!.Bytes, out KeeperMessage message));
            return message;
        }
    }

    /// <summary>The keeper has left. What it said before is passed over.</summary>
    public void AwaitEnd()
    {
        Errno errno;
        do
        {
            errno = _socket.Receive(Limits.PacketBytes, 0, Deadline.In(s_patience), out ReceivedPacket? packet);
            packet?.Dispose();
        }
        while (errno.IsOk);

        Assert.Equal(Errno.ECONNRESET, errno);
    }

    public void Dispose() => _socket.Dispose();
}
