using System.Text;
using ServiceHost.Recorded;

namespace MountHelper.Tests;

/// <summary>
/// What servers said to libfuse's fuservicemount3 is said again to our helper, which must answer with the very bytes that they were answered with.
/// Only the options in the argument memfd differ: ours says the kernel's options to the server, because it does not take them from it.
/// </summary>
[Trait("Needs", "root")]
public sealed class V1ReplayTests : IDisposable
{
    private readonly MountSandbox _sandbox = new();

    public V1ReplayTests()
    {
        // The paths of the recordings, in this namespace alone.
        _sandbox.Shell("mount -t tmpfs fuservice-test /srv && mkdir /srv/tree && truncate -s 1M /srv/image").Succeeded().Dispose();
    }

    public void Dispose() => _sandbox.Dispose();

    [Theory]
    [InlineData("v1-passthrough.txt", "rw,noatime,cache=never", "nosuid,nodev,noatime,allow_other,default_permissions,cache=never")]
    [InlineData("v1-service_hl.txt", "rw", "nosuid,nodev,allow_other,default_permissions")]
    [InlineData("v1-service_ll.txt", "ro,allow_other", "ro,nosuid,nodev,allow_other,default_permissions")]
    public void A_server_that_libfuses_helper_mounted_is_mounted(string recording, string options, string told)
    {
        (HelperRun run, string[] words) = Replay(recording, options);
        Assert.True(run.ExitCode == 0, run.Errors);
        Assert.Equal(told, words[^1]);
        Assert.Contains(" /mnt ", Assert.Single(_sandbox.NewMounts(), IsFuse), StringComparison.Ordinal);
    }

    [Fact]
    public void A_server_that_takes_no_source_is_mounted_from_none()
    {
        _sandbox.Shell("mount -t tmpfs fuservice-test /mnt && touch /mnt/null").Succeeded().Dispose();
        (HelperRun run, string[] words) = Replay("v1-null.txt", "rw");
        Assert.True(run.ExitCode == 0, run.Errors);
        Assert.Equal(["null", "/mnt/null", "-o", "nosuid,nodev,allow_other,default_permissions"], words);
        Assert.Contains(" /mnt/null ", Assert.Single(_sandbox.NewMounts(), IsFuse), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("v1-passthrough-unknown-option.txt", "nosuch", "the server gave up with exit code 1; its log says why")]
    [InlineData("v1-passthrough-no-source.txt", "rw", "/srv/none: No such file or directory (ENOENT)")]
    public void A_server_that_gave_up_gives_up(string recording, string options, string message)
    {
        (HelperRun run, _) = Replay(recording, options);
        Assert.Equal(32, run.ExitCode);
        Assert.Contains(message, run.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain(_sandbox.NewMounts(), IsFuse);
    }

    private static bool IsFuse(string mount) => mount.Contains(" - fuse.", StringComparison.Ordinal);

    private (HelperRun Run, string[] Words) Replay(string name, string options)
    {
        RecordedConversation recording = RecordedConversation.Load(name);
        string[] recorded = [.. Words(recording.Arguments).TakeWhile(static word => word != "-o")];
        using ServiceListener listener = new(_sandbox.Socket(own: false, recorded[0]), server => Play(recording, server));
        using HelperRun run = _sandbox.Start("-t", recorded[0], recorded.Length > 2 ? recorded[1] : "none", recorded[^1], "-o", options).Wait();
        listener.Finish();
        string[] told = [.. listener.End!.Arguments.Select(Encoding.UTF8.GetString)];
        Assert.Equal(recorded, told[..recorded.Length]);
        return (run, told);
    }

    private static void Play(RecordedConversation recording, ServerEnd server)
    {
        foreach (RecordedPacket packet in recording.Packets)
        {
            if (packet.FromHelper)
            {
                Assert.Equal(Convert.ToHexString(packet.Bytes), Convert.ToHexString(server.ReceiveV1(out bool hasFd)));
                Assert.Equal(packet.HasFd, hasFd);
            }
            else
            {
                server.Say(packet.Bytes);
            }
        }
    }

    /// <summary>The strings behind the table of an argument memfd.</summary>
    private static string[] Words(byte[] memfd)
    {
        uint count = System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(memfd.AsSpan(4));
        return [.. Encoding.UTF8.GetString(memfd).Split('\0', StringSplitOptions.RemoveEmptyEntries)[^(int)count..]];
    }
}
