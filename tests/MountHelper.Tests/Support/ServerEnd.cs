using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using ServiceHost.Linux;
using ServiceHost.MountProtocol;

namespace MountHelper.Tests;

/// <summary>
/// The server's end of a conversation, with no manners of its own: it sends any bytes in any order, and keeps every descriptor it
/// is given, so that a case can say what was granted.
/// </summary>
internal sealed partial class ServerEnd : IDisposable
{
    private const int SIGCONT = 18;
    private const int SIGSTOP = 19;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(40);

    private readonly SeqpacketSocket _socket;
    private readonly List<OwnedFd> _all = [];

    public ServerEnd(OwnedFd connection)
    {
        Assert.True(SeqpacketSocket.Adopt(connection, SeqpacketOptions.None, out SeqpacketSocket? socket).IsOk);
        _socket = socket!;
    }

    /// <summary>Descriptors of sources: neither arguments nor FUSE devices.</summary>
    public List<OwnedFd> Granted { get; } = [];

    public List<OwnedFd> Devices { get; } = [];

    public Errno Send(ReadOnlySpan<byte> packet, params ReadOnlySpan<OwnedFd> fds) =>
        _socket.Send(packet, fds, Deadline.In(s_patience));

    public void Say(ReadOnlySpan<byte> packet) => Assert.Equal(Errno.None, Send(packet));

    /// <summary>Stops the Mounter, so that all of <paramref name="action"/> has happened when it looks again.</summary>
    public void WhileTheMounterStands(Action action)
    {
        Assert.Equal(Errno.None, _socket.GetPeer(out PeerCredentials peer));
        Assert.Equal(0, kill(peer.ProcessId, SIGSTOP));
        action();
        Assert.Equal(0, kill(peer.ProcessId, SIGCONT));
    }

    /// <summary>A packet of a tag and 32-bit fields, right or wrong.</summary>
    public void Say(string tag, params ReadOnlySpan<uint> fields) => Say(Packet(tag, fields));

    public static byte[] Packet(string tag, params ReadOnlySpan<uint> fields)
    {
        byte[] packet = new byte[4 + (4 * fields.Length)];
        Encoding.ASCII.GetBytes(tag, packet);
        for (int i = 0; i < fields.Length; i++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(4 + (4 * i)), fields[i]);
        }

        return packet;
    }

    /// <summary>The next packet; its descriptors are kept.</summary>
    public byte[] Receive(List<OwnedFd>? into = null)
    {
        Errno errno = _socket.Receive(Limits.PacketBytes, Limits.Devices, Deadline.In(s_patience), out ReceivedPacket? packet);
        Assert.Equal(Errno.None, errno);
        using (packet)
        {
            for (int i = 0; i < packet!.Fds.Count; i++)
            {
                OwnedFd fd = packet.Fds.Take(i);
                _all.Add(fd);
                into?.Add(fd);
            }

            return packet.Bytes.ToArray();
        }
    }

    /// <summary>Tries to make the Mounter take a descriptor: the kernel refuses it, because the receiver switched that off.</summary>
    public void Push(ReadOnlySpan<byte> packet)
    {
        Errno errno = Libc.Openat(Fd.Cwd, CString.FromTerminated("/dev/null\0"u8), OpenFlags.ReadOnly, 0, out OwnedFd gift);
        Assert.Equal(Errno.None, errno);
        using (gift)
        {
            Assert.Equal(Errno.EPERM, Send(packet, gift));
        }
    }

    /// <summary>Does nothing until the Mounter has hung up; what it still sends is taken.</summary>
    public void WaitForHangUp()
    {
        Errno errno;
        do
        {
            errno = _socket.Receive(Limits.PacketBytes, Limits.Devices, Deadline.In(s_patience), out ReceivedPacket? packet);
            packet?.Dispose();
        }
        while (errno.IsOk);

        Assert.Equal(Errno.ECONNRESET, errno);
    }

    /// <summary>True when the Mounter hung up within the pause.</summary>
    public bool Pauses(int milliseconds)
    {
        Errno errno = _socket.Receive(Limits.PacketBytes, 0, Deadline.In(TimeSpan.FromMilliseconds(milliseconds)), out ReceivedPacket? packet);
        packet?.Dispose();
        return errno == Errno.ECONNRESET;
    }

    public void HangUp() => _socket.Dispose();

    [DllImport("libc")]
    private static extern int kill(int pid, int signal);

    public void Dispose()
    {
        HangUp();
        _all.ForEach(static fd => fd.Dispose());
    }
}
