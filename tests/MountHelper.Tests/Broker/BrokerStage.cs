using System.Text;
using ServiceHost.Linux;
using ServiceHost.MountProtocol;

namespace MountHelper.Tests;

/// <summary>What a hostile caller has to act with: its thread is the user's, inside the sandbox. Closes all it opened.</summary>
internal sealed class BrokerStage(MountSandbox sandbox) : IDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    private readonly List<IDisposable> _held = [];
    private readonly RootThread _root = new();

    /// <summary>The mountpoint as it is reached in the namespace in which the tests run, opened by root.</summary>
    public OwnedFd OutsideMountpoint { get; } = OpenOutside(sandbox.Mountpoint);

    public MountSandbox Sandbox => sandbox;

    /// <summary>Set when a server has been reached.</summary>
    public ManualResetEventSlim ServerReached { get; } = new();

    /// <summary>A request that is right: an own image, read-write, on an own directory.</summary>
    public BrokerMount Mount => new(
        BrokerMountFlags.HasSource | BrokerMountFlags.SourceForReading | BrokerMountFlags.SourceForWriting, Errno.None, Errno.None, "calm",
        Bytes(sandbox.Source), Bytes(sandbox.Mountpoint), "mount_timeout=30"u8.ToArray());

    public BrokerUnmount Unmount => new(BrokerUnmountFlags.None, [], Bytes(sandbox.Mountpoint), "mnt"u8.ToArray());

    public OwnedFd Mountpoint => Open("mnt", OpenFlags.Directory);

    public OwnedFd Reading => Open("img", OpenFlags.ReadOnly);

    public OwnedFd Writing => Open("img", OpenFlags.ReadWrite);

    /// <summary>Opens something of the sandbox's, or an absolute path.</summary>
    public OwnedFd Open(string name, OpenFlags flags)
    {
        string path = Path.Combine(sandbox.Folder, name);
        Errno errno = Libc.Openat(Fd.Cwd, CString.FromTerminated(CString.Allocate(path)), flags, 0x180, out OwnedFd fd);
        Assert.True(errno.IsOk, $"{path}: {errno}");
        return Hold(fd);
    }

    public OwnedFd Hold(OwnedFd fd)
    {
        _held.Add(fd);
        return fd;
    }

    public SeqpacketSocket Connect()
    {
        Errno errno = SeqpacketSocket.Connect(
            CString.FromTerminated("/run/fuservice/mountd\0"u8), SeqpacketOptions.RefuseDescriptors, Deadline.In(Patience), out SeqpacketSocket? socket);
        Assert.Equal(Errno.None, errno);
        _held.Add(socket!);
        return socket!;
    }

    /// <summary>The good request with other descriptors.</summary>
    public BrokerAnswer AskWith(OwnedFd mountpoint, OwnedFd reading, OwnedFd writing) => Ask(Mount.Encode(), mountpoint, reading, writing);

    public BrokerAnswer AskWithOptions(string options) =>
        Ask((Mount with { Options = Encoding.Latin1.GetBytes(options) }).Encode(), Mountpoint, Reading, Writing);

    public BrokerAnswer Ask(byte[] packet, params OwnedFd[] fds)
    {
        SeqpacketSocket socket = Connect();
        Assert.Equal(Errno.None, socket.Send(packet, fds, Deadline.In(Patience)));
        return Receive(socket);
    }

    public static bool HasAnswer(SeqpacketSocket socket) => Libc.WaitReadable(socket.Handle, new Fd(-1), Deadline.In(TimeSpan.Zero)).IsOk;

    /// <summary>The answer; lines that come before it are passed over.</summary>
    public static BrokerAnswer Receive(SeqpacketSocket socket)
    {
        while (true)
        {
            Errno errno = socket.Receive(Limits.PacketBytes, 0, Deadline.In(Patience), out ReceivedPacket? packet);
            Assert.Equal(Errno.None, errno);
            using (packet)
            {
                if (BrokerAnswer.TryDecode(packet!.Bytes, out BrokerAnswer answer))
                {
                    return answer;
                }

                Assert.True(Note.TryDecode(packet.Bytes, out _));
            }
        }
    }

    /// <summary>A script of root's inside the sandbox.</summary>
    public void AsRoot(string script) => _root.Run(() => sandbox.Shell(Paths(sandbox, script)).Succeeded().Dispose());

    public static string Paths(MountSandbox sandbox, string text) => text
        .Replace("{mnt}", sandbox.Mountpoint, StringComparison.Ordinal)
        .Replace("{src}", sandbox.Source, StringComparison.Ordinal)
        .Replace("{dir}", sandbox.Folder, StringComparison.Ordinal);

    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    public void Dispose()
    {
        _held.ForEach(static held => held.Dispose());
        OutsideMountpoint.Dispose();
        _root.Dispose();
        ServerReached.Dispose();
    }

    private static OwnedFd OpenOutside(string path)
    {
        Assert.True(Libc.Openat(Fd.Cwd, CString.FromTerminated(CString.Allocate(path)), OpenFlags.Directory, 0, out OwnedFd fd).IsOk);
        return fd;
    }
}
