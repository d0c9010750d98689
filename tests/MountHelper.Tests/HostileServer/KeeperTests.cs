using System.Net.Sockets;
using ServiceHost.Linux;
using ServiceHost.MountProtocol;

namespace MountHelper.Tests;

/// <summary>What the Mounter does for a server that can use a keeper, and for one that finds none.</summary>
[Trait("Needs", "root")]
public sealed class KeeperTests : IDisposable
{
    private readonly MountSandbox _sandbox = new();

    public void Dispose() => _sandbox.Dispose();

    private string Address => _sandbox.In("own/keeper");

    [Fact]
    public void When_the_mount_is_attached_server_and_keeper_have_the_ends_of_a_channel_and_the_keeper_a_device_of_its_own()
    {
        using Socket listener = Listen();
        Grant? granted = null;
        using ServiceListener service = Serve(server =>
        {
            granted = Ask(server);
            OwnedFd channel = server.Granted[^1];
            Assert.True(SeqpacketSocket.IsOne(channel));
            server.Mount();
            FakeFuse.AnswerInit(server.Devices[0]);

            // What is said before there is a keeper waits for it.
            Assert.False(listener.Poll(0, SelectMode.SelectRead));
            Assert.Equal(Errno.None, Libc.SendNow(channel, "ping"u8, channel));
            server.SayGoodbye();
            Assert.Equal(Errno.None, server.ReceiveDone().Error);
            Assert.Equal(Errno.None, Libc.WaitReadable(channel, new Fd(-1), Deadline.In(TimeSpan.FromSeconds(20))));
        });

        using HelperRun run = Start();
        using ReceivedPacket packet = Receive(listener);
        KeeperAssignment? assignment = KeeperAssignment.TryDecode(packet.Bytes);
        using OwnedFd keepersEnd = packet.Fds.Take(1);
        Answer(keepersEnd);
        run.Succeeded();
        service.Finish();

        Assert.Equal(GrantFlags.RwClone | GrantFlags.RoClone | GrantFlags.UserNamespace | GrantFlags.Keeper | GrantFlags.Idmapped, granted!.Flags);
        Assert.Equal([new KeeperClones(granted.RwMountId, granted.RoMountId)], assignment!.Clones);
        Assert.Equal(77u, assignment.Quota);
        Assert.True(Libc.IsFuseDevice(packet.Fds[0]));
        Unmount();
    }

    [Fact]
    public void A_mount_that_is_given_up_has_no_keeper_started()
    {
        using Socket listener = Listen();
        using ServiceListener service = Serve(static server =>
        {
            Ask(server);
            server.Mount();
            FakeFuse.AnswerInit(server.Devices[0]);
            server.SayGoodbye(1, "that was all");

            // Nobody has the other end any more.
            Wait.For("the end of the channel", () => Libc.HasPeerLeft(server.Granted[^1]));
        });

        using HelperRun run = Start().Wait();
        service.Finish();

        Assert.NotEqual(0, run.ExitCode);
        Assert.False(listener.Poll(0, SelectMode.SelectRead));
    }

    [Fact]
    public void Who_wants_no_passthrough_gets_no_keeper()
    {
        using Socket listener = Listen();
        using ServiceListener service = new(_sandbox.Socket(own: true, "polite"), static server =>
        {
            Assert.False(server.ReceiveHello().Features.HasFlag(HelloFeatures.Keeper));

            // A server that takes what was not offered gets nothing for it.
            server.Say(new HelloReply(1, HelloFeatures.Keeper).Encode());
            server.Receive();
            Assert.False(server.Ask("source", SourceKinds.Directory).Flags.HasFlag(GrantFlags.Keeper));
            server.SayGoodbye(1, "that was all");
        });

        using HelperRun run = Start("passthrough=auto,passthrough=never").Wait();
        service.Finish();

        Assert.False(listener.Poll(0, SelectMode.SelectRead));
    }

    [Fact]
    public void Without_a_keeper_a_mount_is_made_all_the_same()
    {
        Grant? granted = null;
        using ServiceListener service = Serve(server =>
        {
            granted = Ask(server);
            server.Mount();
            FakeFuse.AnswerInit(server.Devices[0]);
            server.SayGoodbye();
            Assert.Equal(Errno.None, server.ReceiveDone().Error);
        });

        using HelperRun run = Start().Succeeded();
        service.Finish();
        Unmount();

        Assert.False(granted!.Flags.HasFlag(GrantFlags.Keeper));
        Assert.Contains("no keeper, so no passthrough: /run/fuservice/keeper: No such file or directory (ENOENT)", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    [Rule("keeper-is-roots")]
    public void A_socket_of_somebody_else_is_given_nothing()
    {
        using ForeignListener foreign = new(Address, 1000);
        using ServiceListener service = Serve(static server =>
        {
            Ask(server);
            server.Mount();
            FakeFuse.AnswerInit(server.Devices[0]);
            server.SayGoodbye();
            Assert.Equal(Errno.None, server.ReceiveDone().Error);
            Wait.For("the end of the channel", () => Libc.HasPeerLeft(server.Granted[^1]));
        });

        using HelperRun run = Start().Succeeded();
        service.Finish();
        Unmount();

        Assert.Contains("belongs to uid 1000, not to root [keeper-is-roots]", run.Errors, StringComparison.Ordinal);
        Assert.Equal(0, foreign.BytesHeard());
    }

    private ServiceListener Serve(Action<ServerEnd> script) => new(_sandbox.Socket(own: true, "polite"), server =>
    {
        Assert.True(server.ReceiveHello().Features.HasFlag(HelloFeatures.Keeper));
        server.Say(new HelloReply(1, HelloFeatures.Keeper).Encode());
        server.Receive();
        script(server);
    });

    private void Unmount() => _sandbox.Shell($"umount -i -l {_sandbox.Mountpoint}").Succeeded().Dispose();

    private static Grant Ask(ServerEnd server) => server.Ask("source", SourceKinds.Directory);

    private HelperRun Start(string options = "passthrough_files=77") =>
        _sandbox.Start("-v", "-t", "polite", _sandbox.In("src"), _sandbox.Mountpoint, "-o", options);

    private Socket Listen()
    {
        Socket listener = new(AddressFamily.Unix, SocketType.Seqpacket, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(Address));
        listener.Listen(4);
        return listener;
    }

    private static ReceivedPacket Receive(Socket listener)
    {
        Wait.For("the mounter", () => listener.Poll(0, SelectMode.SelectRead));
        using Socket accepted = listener.Accept();
        Assert.Equal(Errno.None, Libc.Duplicate(new Fd(accepted.Handle.ToInt32()), out OwnedFd copy));
        Assert.Equal(Errno.None, SeqpacketSocket.Adopt(copy, SeqpacketOptions.None, out SeqpacketSocket? socket));
        using (socket)
        {
            Errno errno = socket!.Receive(
                Limits.PacketBytes, KeeperAssignment.DescriptorCount, Deadline.In(TimeSpan.FromSeconds(20)), out ReceivedPacket? packet);
            Assert.Equal(Errno.None, errno);
            Assert.Equal(KeeperAssignment.DescriptorCount, packet!.Fds.Count);
            return packet;
        }
    }

    /// <summary>A descriptor goes from the server to the keeper, and none comes back.</summary>
    private static void Answer(OwnedFd keepersEnd)
    {
        Assert.Equal(Errno.None, Libc.WaitReadable(keepersEnd, new Fd(-1), Deadline.In(TimeSpan.FromSeconds(20))));
        using FdList fds = new(1);
        Assert.Equal(Errno.None, Libc.ReceiveNow(keepersEnd, new byte[16], fds, out int size));
        Assert.Equal((4, 1), (size, fds.Count));
        Assert.Equal(Errno.EPERM, Libc.SendNow(keepersEnd, "pong"u8, keepersEnd));
        Assert.Equal(Errno.None, Libc.SendNow(keepersEnd, "pong"u8));
    }
}
