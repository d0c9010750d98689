using System.Net.Sockets;
using ServiceHost.MountProtocol;

namespace MountHelper.Tests;

/// <summary>fuservicemount, and mount(8), as a user: the broker between them and a server.</summary>
[Trait("Needs", "root")]
public sealed class BrokerClientTests : IDisposable
{
    private readonly MountSandbox _sandbox = new();
    private readonly BrokerService _broker;

    public BrokerClientTests() => _broker = new BrokerService(_sandbox);

    public void Dispose()
    {
        _broker.Dispose();
        _sandbox.Dispose();
    }

    private HelperRun User(string arguments, uint uid = 1000) => _broker.As(uid, $"{HelperBinary.Path} {arguments}").Wait();

    private ServiceListener Calm(Action<ServerEnd> script) => new(_sandbox.Socket(own: true, "calm"), script);

    private static void ServeUntilUnmounted(ServerEnd server)
    {
        server.MountProperly();
        server.SayGoodbye();
        Assert.Equal(ServiceHost.Linux.Errno.None, server.ReceiveDone().Error);
        FakeFuse.IgnoreUntilUnmounted(server.Devices[0]);
    }

    private string MountLine() => _sandbox.Mounts().Single(static line => line.Contains(" - fuse.calm ", StringComparison.Ordinal));

    [Fact]
    public void A_users_mount_is_the_users_alone_and_has_neither_setuid_nor_devices()
    {
        using ServiceListener listener = Calm(ServeUntilUnmounted);
        using HelperRun mount = User($"-t calm {_sandbox.Source} {_sandbox.Mountpoint} -o ro,fsname=mine").Succeeded();
        string line = MountLine();
        using HelperRun unmount = User($"--unmount {_sandbox.Mountpoint}").Succeeded();
        listener.Finish();

        Assert.Contains($" {_sandbox.Mountpoint} ro,nosuid,nodev,relatime ", line, StringComparison.Ordinal);
        Assert.Contains(" - fuse.calm mine ro,user_id=1000,group_id=1000", line, StringComparison.Ordinal);
        Assert.DoesNotContain("allow_other", line, StringComparison.Ordinal);
        _broker.AssertNothingIsLeft();
    }

    [Fact]
    public void With_user_allow_other_the_kernel_checks_every_access()
    {
        _sandbox.Shell($"mkdir {_sandbox.In("etc")}; echo user_allow_other >{_sandbox.In("etc/fuse.conf")}; mount --bind {_sandbox.In("etc")} /etc").Succeeded().Dispose();
        using ServiceListener listener = Calm(ServeUntilUnmounted);
        using HelperRun mount = User($"-t calm {_sandbox.Source} {_sandbox.Mountpoint} -o allow_other").Succeeded();
        string line = MountLine();
        using HelperRun unmount = User($"--unmount {_sandbox.Mountpoint}").Succeeded();
        listener.Finish();

        Assert.Contains(",default_permissions,allow_other", line, StringComparison.Ordinal);
        _broker.AssertNothingIsLeft();
    }

    [Fact]
    [Rule("unmount-is-the-owners")]
    public void Nobody_but_its_owner_and_root_unmounts_it()
    {
        using ServiceListener listener = Calm(ServeUntilUnmounted);
        using HelperRun mount = User($"-t calm {_sandbox.Source} {_sandbox.Mountpoint}").Succeeded();
        using HelperRun other = User($"--unmount {_sandbox.Mountpoint}", 1001);
        string line = MountLine();
        using HelperRun root = _sandbox.Start("--unmount", _sandbox.Mountpoint).Succeeded();
        listener.Finish();

        Assert.EndsWith("[unmount-is-the-owners]\n", other.Errors, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Failure, other.ExitCode);
        Assert.Contains(_sandbox.Mountpoint, line, StringComparison.Ordinal);
        _broker.AssertNothingIsLeft();
    }

    [Fact]
    [Rule("unmount-is-of-our-type")]
    public void The_owner_unmounts_by_the_right_type_and_not_while_it_is_busy()
    {
        using ServiceListener listener = Calm(ServeUntilUnmounted);
        using HelperRun mount = User($"-t calm {_sandbox.Source} {_sandbox.Mountpoint}").Succeeded();
        using HelperRun type = User($"-t other --unmount {_sandbox.Mountpoint}");
        using HelperRun busy = _broker.As(1000, $"sh -c 'cd {_sandbox.Mountpoint}; {HelperBinary.Path} --unmount {_sandbox.Mountpoint}'").Wait();
        using HelperRun lazy = User($"--unmount -l {_sandbox.Mountpoint}").Succeeded();
        listener.Finish();

        Assert.EndsWith("is a fuse.calm mount, not one of fuse.other [unmount-is-of-our-type]\n", type.Errors, StringComparison.Ordinal);
        Assert.Equal($"fuservicemount: {_sandbox.Mountpoint} is busy; find the users with fuser -m, or detach it with umount -l\n", busy.Errors);
        _broker.AssertNothingIsLeft();
    }

    [Theory]
    [Rule("caller-is-root")]
    [InlineData("-t calm {src} {mnt} -o remount,ro", "remount is for root")]
    [InlineData("-t calm {src} {mnt} -N 1", "-N is for root")]
    [InlineData("-t fuseblk.calm {src} {mnt}", "fuseblk mounts are for root")]
    [InlineData("--unmount -r {mnt}", "umount -r is for root")]
    public void What_is_roots_is_not_even_asked_for(string arguments, string problem)
    {
        using HelperRun run = User(BrokerStage.Paths(_sandbox, arguments));

        Assert.Equal($"fuservicemount: {problem} [caller-is-root]\n", run.Errors);
        Assert.Equal(ExitCode.Usage, run.ExitCode);
    }

    [Fact]
    [Rule("broker-is-roots")]
    public void A_false_broker_gets_no_descriptor()
    {
        File.Delete(_sandbox.In("own/mountd"));
        using ForeignListener listener = new(_sandbox.In("own/mountd"), 1001);
        _sandbox.Shell("chmod 666 /run/fuservice/mountd").Succeeded().Dispose();
        using HelperRun run = User($"-t calm {_sandbox.Source} {_sandbox.Mountpoint}");

        Assert.Equal("fuservicemount: the socket /run/fuservice/mountd belongs to uid 1001, not to root [broker-is-roots]\n", run.Errors);
        Assert.Equal(0, listener.BytesHeard());
    }

    [Fact]
    public void A_broker_that_hung_up_without_reading_is_asked_again()
    {
        using Socket listener = ListenInsteadOfTheBroker();
        using HelperRun run = _broker.As(1000, $"{HelperBinary.Path} -t calm {_sandbox.Source} {_sandbox.Mountpoint}");
        for (int i = 0; i < 3; i++)
        {
            Accept(listener).Dispose();
        }

        using Socket heard = Accept(listener);
        Assert.True(heard.Receive(new byte[Limits.PacketBytes]) > 0);
        heard.Send(new BrokerAnswer(0, "").Encode());
        run.Succeeded();

        Assert.Equal("", run.Errors);
    }

    [Fact]
    public void A_broker_that_dies_with_the_request_is_not_asked_again()
    {
        using Socket listener = ListenInsteadOfTheBroker();
        using HelperRun run = _broker.As(1000, $"{HelperBinary.Path} -t calm {_sandbox.Source} {_sandbox.Mountpoint}");
        using (Socket heard = Accept(listener))
        {
            Assert.True(heard.Receive(new byte[Limits.PacketBytes]) > 0);
        }

        run.Wait();

        Assert.Equal(ExitCode.Failure, run.ExitCode);
        Assert.StartsWith("fuservicemount: the broker ended without an answer", run.Errors, StringComparison.Ordinal);
        Assert.False(listener.Poll(0, SelectMode.SelectRead));
    }

    private Socket ListenInsteadOfTheBroker()
    {
        string address = _sandbox.In("own/mountd");
        File.Delete(address);
        Socket listener = new(AddressFamily.Unix, SocketType.Seqpacket, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(address));
        listener.Listen(4);
        File.SetUnixFileMode(address, (UnixFileMode)0b110_110_110);
        return listener;
    }

    private static Socket Accept(Socket listener)
    {
        Wait.For("the caller", () => listener.Poll(0, SelectMode.SelectRead));
        return listener.Accept();
    }

    [Fact]
    [Rule("signals-roll-back")]
    public void A_signal_rolls_the_mount_back_and_the_answer_says_so()
    {
        using ServiceListener listener = Calm(static server => server.WaitForHangUp());
        using HelperRun run = _broker.As(1000, $"{HelperBinary.Path} -t calm {_sandbox.Source} {_sandbox.Mountpoint}");
        Wait.For("the server to be asked", () => listener.Connections == 1);
        run.Signal(15);
        run.Wait();
        listener.Finish();

        Assert.Equal(ExitCode.Interrupted, run.ExitCode);
        Assert.EndsWith("interrupted by a signal [signals-roll-back]\n", run.Errors, StringComparison.Ordinal);
        _broker.AssertNothingIsLeft();
    }

    [Fact]
    [Rule("attach-is-last")]
    public void A_caller_that_is_killed_leaves_nothing()
    {
        bool mounted = false;
        using ServiceListener listener = Calm(server =>
        {
            server.MountProperly();
            Volatile.Write(ref mounted, true);
            server.WaitForHangUp();
        });
        using HelperRun run = _broker.As(1000, $"{HelperBinary.Path} -t calm {_sandbox.Source} {_sandbox.Mountpoint}");
        Wait.For("the mount before its attach", () => Volatile.Read(ref mounted));
        run.Signal(9);
        run.Wait();
        listener.Finish();

        _broker.AssertNothingIsLeft();
    }
}
