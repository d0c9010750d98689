using System.Diagnostics;
using ServiceHost.Linux;
using ServiceHost.MountProtocol;

namespace MountHelper.Tests;

/// <summary>What changes while the broker works, and a thousand callers at once.</summary>
[Trait("Needs", "root")]
public sealed class BrokerRaceTests : IDisposable
{
    private readonly MountSandbox _sandbox = new();
    private readonly BrokerService _broker;

    public BrokerRaceTests() => _broker = new BrokerService(_sandbox);

    public void Dispose()
    {
        _broker.Dispose();
        _sandbox.Dispose();
    }

    [Fact]
    [Rule("mountpoint-is-pinned")]
    public void A_mountpoint_that_is_swapped_for_a_link_takes_its_mount_along()
    {
        using ServiceListener listener = new(_sandbox.Socket(own: true, "calm"), static server =>
        {
            server.MountProperly();
            server.SayGoodbye();
            server.ReceiveDone();
            FakeFuse.IgnoreUntilUnmounted(server.Devices[0]);
        });
        using BrokerStage stage = new(_sandbox);
        BrokerAnswer answer = default;
        UserThread.Run(_sandbox, 1000, 1000, [], () =>
        {
            OwnedFd mountpoint = stage.Mountpoint;
            stage.AsRoot("mv {mnt} {dir}/moved; mkdir {dir}/prey; ln -s prey {mnt}");
            answer = stage.AskWith(mountpoint, stage.Reading, stage.Writing);
        });
        string line = _sandbox.Mounts().Single(static mount => mount.Contains(" - fuse.calm ", StringComparison.Ordinal));
        using HelperRun unmount = _broker.As(1000, $"{HelperBinary.Path} --unmount {_sandbox.In("moved")}").Succeeded();
        listener.Finish();

        Assert.Equal(new BrokerAnswer(0, ""), answer);
        Assert.Contains($" {_sandbox.In("moved")} ", line, StringComparison.Ordinal);
        _broker.AssertNothingIsLeft();
    }

    [Fact]
    [Rule("mountpoint-is-uncovered")]
    public void A_mountpoint_that_root_covers_meanwhile_is_left_to_root()
    {
        using ManualResetEventSlim mounted = new();
        using ManualResetEventSlim covered = new();
        using ServiceListener listener = new(_sandbox.Socket(own: true, "calm"), server =>
        {
            server.MountProperly();
            mounted.Set();
            covered.Wait();
            server.SayGoodbye();
            server.WaitForHangUp();
        });
        using BrokerStage stage = new(_sandbox);
        BrokerAnswer answer = default;
        UserThread.Run(_sandbox, 1000, 1000, [], () =>
        {
            SeqpacketSocket socket = stage.Connect();
            Assert.True(socket.Send(stage.Mount.Encode(), [stage.Mountpoint, stage.Reading, stage.Writing], Deadline.In(Wait.Patience)).IsOk);
            mounted.Wait();
            stage.AsRoot("mount -t tmpfs roots {mnt}");
            covered.Set();
            answer = BrokerStage.Receive(socket);
        });
        listener.Finish();

        Assert.Contains("something was mounted on", answer.Text, StringComparison.Ordinal);
        Assert.EndsWith("[mountpoint-is-uncovered]", answer.Text, StringComparison.Ordinal);
        _broker.AssertNothingIsLeft();
    }

    [Fact]
    [Rule("mounts-per-user-are-bounded")]
    public void The_last_mount_is_given_once_however_many_ask_for_it_at_a_time()
    {
        _sandbox.Shell(BrokerStage.Paths(_sandbox, "mkdir {dir}/etc; printf 'mount_max = 1\\n' >{dir}/etc/fuse.conf; mount --bind {dir}/etc /etc; mkdir {dir}/m2; chown 1000 {dir}/m2"))
            .Succeeded().Dispose();
        using ManualResetEventSlim both = new();
        void Serve(ServerEnd server)
        {
            server.MountProperly();
            both.Wait();
            server.SayGoodbye();
            FakeFuse.IgnoreUntilUnmounted(server.Devices[0]);
        }

        using ServiceListener one = new(_sandbox.Socket(own: true, "one"), Serve);
        using ServiceListener two = new(_sandbox.Socket(own: true, "two"), Serve);
        using HelperRun first = _broker.As(1000, $"{HelperBinary.Path} -t one {_sandbox.Source} {_sandbox.Mountpoint}");
        using HelperRun second = _broker.As(1000, $"{HelperBinary.Path} -t two {_sandbox.Source} {_sandbox.In("m2")}");
        Wait.For("both servers", () => one.Connections + two.Connections == 2);
        both.Set();
        first.Wait();
        second.Wait();
        int mounts = _sandbox.Mounts().Count(static line => line.Contains(" - fuse.", StringComparison.Ordinal));
        _sandbox.Shell($"umount -i {_sandbox.Mountpoint} {_sandbox.In("m2")}; true").Succeeded().Dispose();

        Assert.Equal(1, mounts);
        Assert.Equal([0, ExitCode.Failure], new[] { first.ExitCode, second.ExitCode }.Order());
        Assert.Contains("uid 1000 has 1 FUSE mounts", first.Errors + second.Errors, StringComparison.Ordinal);
    }

    /// <summary>Long, because the time is that of a thousand processes: it says nothing on a machine that is busy with other tests.</summary>
    [Fact]
    [Trait("Mode", "long")]
    [Rule("conversations-are-bounded")]
    public void Another_user_mounts_within_five_seconds_while_a_thousand_connections_are_held()
    {
        _sandbox.Shell($"mkdir {_sandbox.In("m2")}; chown 1001 {_sandbox.In("m2")}").Succeeded().Dispose();
        using ServiceListener listener = new(_sandbox.Socket(own: true, "calm"), static server =>
        {
            server.MountProperly();
            server.SayGoodbye();
            server.ReceiveDone();
            FakeFuse.IgnoreUntilUnmounted(server.Devices[0]);
        });
        using BrokerStage stage = new(_sandbox);
        Stopwatch clock = new();
        int exitCode = -1;
        UserThread.Run(_sandbox, 1000, 1000, [], () =>
        {
            for (int i = 0; i < 1000; i++)
            {
                stage.Connect();
            }

            clock.Start();
            stage.AsRoot($"setpriv --reuid=1001 --regid=1001 --clear-groups {HelperBinary.Path} -t calm none {stage.Sandbox.In("m2")}");
            clock.Stop();
            exitCode = 0;
        });
        using HelperRun unmount = _broker.As(1001, $"{HelperBinary.Path} --unmount {_sandbox.In("m2")}").Succeeded();
        listener.Finish();

        Assert.Equal(0, exitCode);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(5), clock.Elapsed.ToString());
        stage.Dispose();
        _broker.AssertNothingIsLeft();
    }
}
