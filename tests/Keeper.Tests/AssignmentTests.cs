using System.Net.Sockets;
using System.Runtime.InteropServices;
using MountHelper.Tests;
using ServiceHost.Linux;
using ServiceHost.MountProtocol;

namespace Keeper.Tests;

/// <summary>Whoever connects to a keeper's socket, and what it is given.</summary>
[Trait("Needs", "root")]
public sealed class AssignmentTests
{
    private const int SYS_setresuid = 117;

    private static readonly KeeperClones s_clones = new(1, 2);

    [Theory]
    [InlineData("noise")]
    [InlineData("no clones")]
    [InlineData("another version")]
    [InlineData("no descriptors")]
    [InlineData("a device alone")]
    [InlineData("three descriptors")]
    [InlineData("no device")]
    [InlineData("another device")]
    [InlineData("no channel")]
    [InlineData("a stream for a channel")]
    [Rule("assignments-are-complete")]
    public void An_assignment_is_refused_that_has(string fault)
    {
        using KeeperStage stage = new(assign: false);
        using SeqpacketSocket connection = stage.Listener.Connect();
        byte[] packet = new KeeperAssignment(0, [s_clones]).Encode();
        OwnedFd device = stage.Fuse.Clone();
        OwnedFd Another() => stage.Open("/dev/zero", OpenFlags.ReadWrite);
        using Socket stream = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        OwnedFd[] fds = fault switch
        {
            "no descriptors" => [],
            "a device alone" => [device],
            "three descriptors" => [device, stage.KeepersEnd, Another()],
            "no device" => [stage.Server.Handle, stage.KeepersEnd],
            "another device" => [Another(), stage.KeepersEnd],
            "no channel" => [device, Another()],
            "a stream for a channel" => [device, OwnedFd.Take(stream.SafeHandle.DangerousGetHandle().ToInt32())],
            _ => [device, stage.KeepersEnd],
        };
        packet = fault switch
        {
            "noise" => [1, 2, 3],
            "no clones" => new KeeperAssignment(0, []).Encode(),
            "another version" => [.. packet[..5], 9, .. packet[6..]],
            _ => packet,
        };

        Assert.Equal(Errno.None, connection.Send(packet, fds, Deadline.In(TimeSpan.FromSeconds(20))));

        stage.AwaitLog("[assignments-are-complete]");
        Wait.For("the keeper to end", () => stage.Listener.Keepers().Count == 0);
        device.Dispose();
        if (fault == "a stream for a channel")
        {
            fds[1].Release();
        }
    }

    [Fact]
    [Rule("root-assigns")]
    public void Nobody_but_root_assigns()
    {
        using KeeperStage stage = new(assign: false);
        Wait.For("the listener", () => File.Exists(stage.Listener.Address));
        Open(stage.Listener.Address);
        SeqpacketSocket? connection = null;
        Exception? failure = null;
        Thread user = new(() => failure = Record.Exception(() =>
        {
            // Of this thread alone.
            Assert.Equal(0, syscall(SYS_setresuid, -1, 4242, -1));
            connection = stage.Listener.Connect();
        }));
        user.Start();
        user.Join();
        Assert.Null(failure);
        using (connection)
        {
            byte[] packet = new KeeperAssignment(0, [stage.Clones]).Encode();
            using OwnedFd device = stage.Fuse.Clone();

            // It may have hung up already.
            _ = connection!.Send(packet, [device, stage.KeepersEnd], Deadline.In(TimeSpan.FromSeconds(20)));
            stage.KeepersEnd.Dispose();

            stage.AwaitLog("[root-assigns]");
            stage.Server.AwaitEnd();
        }
    }

    [Fact]
    public void A_mount_that_was_given_up_needs_no_keeper()
    {
        using KeeperStage stage = new(assign: false);
        stage.Listener.Connect().Dispose();
        stage.AwaitLog("the mount was given up");
    }

    private static void Open(string address)
    {
        File.SetUnixFileMode(Path.GetDirectoryName(address)!, (UnixFileMode)0x1ED);
        File.SetUnixFileMode(address, (UnixFileMode)0x1B6);
    }

    [DllImport("libc")]
    private static extern nint syscall(nint number, nint a, nint b, nint c);
}
