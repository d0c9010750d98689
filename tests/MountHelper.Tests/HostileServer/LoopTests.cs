using System.Text;
using ServiceHost.Linux;
using ServiceHost.MountProtocol;

namespace MountHelper.Tests;

/// <summary>An image file becomes a loop device for root's mount, is one for nobody else meanwhile, and is none when the mount is gone.</summary>
[Trait("Needs", "root")]
public sealed class LoopTests : IDisposable
{
    private const uint BLKGETSIZE64 = 0x8008_1272;
    private const uint BLKROGET = 0x125E;

    private readonly MountSandbox _sandbox = new();

    public void Dispose()
    {
        using HelperRun run = _sandbox.Shell($"umount {_sandbox.Mountpoint} 2>/dev/null; true").Wait();
        _sandbox.Dispose();
    }

    [Theory]
    [InlineData(4096, 0ul, 0ul, 4096)]
    [InlineData(4196, 0ul, 0ul, 4096)]
    [InlineData(4096, 512ul, 1024ul, 1024)]
    [InlineData(4096, 512ul, 0ul, 3584)]
    [InlineData(1L << 40, 0ul, 0ul, 1L << 40)]
    public void A_server_of_roots_mount_gets_the_part_of_the_image_as_a_read_only_device(long image, ulong offset, ulong length, long device)
    {
        using (FileStream file = File.OpenWrite(_sandbox.Source)) file.SetLength(image);
        Converse(server =>
        {
            Grant grant = AskForLoop(server, new LoopPart(offset, length));
            Assert.Equal((Errno.None, SourceKinds.BlockDevice), (grant.Error, grant.Kind));
            Assert.True(grant.Flags.HasFlag(GrantFlags.Loop));
            Assert.Equal(device, BitConverter.ToInt64(Ask(server, BLKGETSIZE64, sizeof(long))));
            Assert.Equal(1, BitConverter.ToInt32(Ask(server, BLKROGET, sizeof(int))));
        });
        WaitUntilFree();
    }

    [Fact]
    public void A_mount_over_the_device_is_fuseblk_and_its_unmount_frees_the_device()
    {
        using ServiceListener listener = new(_sandbox.Socket(own: true, "loop"), static server =>
        {
            server.Greet();
            AskForLoop(server);
            server.AskForMount(flags: MountRequestFlags.Fuseblk | MountRequestFlags.ReadOnly);
            server.Receive(server.Devices);
            FakeFuse.AnswerInit(server.Devices[0]);
            server.SayGoodbye();
            server.ReceiveDone();
        });
        using HelperRun run = Start("-v").Wait();
        listener.Finish();

        Assert.True(run.ExitCode == 0, run.Errors);
        Assert.Contains($"{_sandbox.Source} is a loop device, ", run.Errors, StringComparison.Ordinal);
        Assert.Contains("mounted read-only, loop does not write", run.Errors, StringComparison.Ordinal);
        Assert.Contains("fuseblk.loop /dev/loop", Assert.Single(_sandbox.NewMounts()), StringComparison.Ordinal);
        listener.End!.Dispose();
        _sandbox.Start("-t", "loop", "--unmount", _sandbox.Mountpoint).Succeeded().Dispose();
        _sandbox.Start("--wait", _sandbox.Source).Succeeded().Dispose();
        WaitUntilFree();
    }

    [Fact]
    [Rule("image-has-one-loop")]
    public void An_image_that_is_a_loop_device_already_is_refused()
    {
        using HelperRun attached = _sandbox.Shell($"losetup --find --show --read-only {_sandbox.Source}").Succeeded();
        string other = attached.Output.Trim();
        try
        {
            string error = Refused();
            Assert.Contains($"{_sandbox.Source} is in use by {other}; ", error, StringComparison.Ordinal);
            Assert.EndsWith("[image-has-one-loop]\n", error, StringComparison.Ordinal);
        }
        finally
        {
            _sandbox.Shell($"losetup -d {other}").Succeeded().Dispose();
        }
    }

    [Fact]
    [Rule("image-has-one-mount")]
    public void An_image_that_another_mount_reads_is_refused()
    {
        using FileStream held = File.OpenRead(_sandbox.Source);
        Assert.Equal(Errno.None, Libc.Flock(new Fd(held.SafeFileHandle.DangerousGetHandle().ToInt32()), FlockOperation.Shared));
        Assert.EndsWith("[image-has-one-mount]\n", Refused(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_device_is_over_the_file_that_was_named_whatever_has_its_name_now() => Converse(server =>
    {
        File.Move(_sandbox.In("other"), _sandbox.Source, overwrite: true);
        Assert.Equal(Errno.None, AskForLoop(server).Error);
        byte[] first = new byte[1];
        Assert.Equal(Errno.None, Libc.Pread(server.Granted[0], first, 0, out _));
        Assert.Equal("i", Encoding.ASCII.GetString(first));
    });

    [Fact]
    public void Without_loop_devices_the_image_is_given_as_a_file()
    {
        _sandbox.Shell("mount --bind /dev/null /dev/loop-control").Succeeded().Dispose();
        string said = Converse(static server =>
        {
            Grant grant = AskForLoop(server);
            Assert.Equal((SourceKinds.RegularFile, GrantFlags.File), (grant.Kind, grant.Flags));
        });
        Assert.Contains("no loop device can be had", said, StringComparison.Ordinal);
    }

    private static Grant AskForLoop(ServerEnd server, LoopPart part = default)
    {
        server.Say(new RoleRequest(SourceKinds.RegularFile | SourceKinds.BlockDevice, SourceAccess.Read, RoleFlags.Loop, "source") { Part = part }.Encode());
        Assert.True(Grant.TryDecode(server.Receive(server.Granted), out Grant grant));
        return grant;
    }

    private static byte[] Ask(ServerEnd server, uint request, int size)
    {
        byte[] answer = new byte[size];
        Assert.Equal(Errno.None, Libc.Ioctl(server.Granted[0], request, answer, out _));
        return answer;
    }

    private HelperRun Start(params string[] words) => _sandbox.Start(["-t", "loop", .. words, _sandbox.Source, _sandbox.Mountpoint]);

    // A conversation that ends without a mount: what was granted has to be given back.
    private string Converse(Action<ServerEnd> script)
    {
        using ServiceListener listener = new(_sandbox.Socket(own: true, "loop"), server =>
        {
            server.Greet();
            script(server);
            server.SayGoodbye(1, "enough");
        });
        using HelperRun run = Start("-v").Wait();
        listener.Finish();
        Assert.EndsWith("enough\n", run.Errors, StringComparison.Ordinal);
        return run.Errors;
    }

    private string Refused()
    {
        using ServiceListener listener = new(_sandbox.Socket(own: true, "loop"), static server =>
        {
            server.Greet();
            Assert.Equal(Errno.EBUSY, AskForLoop(server).Error);
            server.SayGoodbye(1, "cannot do without");
        });
        using HelperRun run = Start().Wait();
        listener.Finish();
        return run.Errors;
    }

    private void WaitUntilFree() => Wait.For("the loop device to be freed", () =>
    {
        using HelperRun run = _sandbox.Shell($"losetup -j {_sandbox.Source}").Succeeded();
        return run.Output.Length == 0;
    });
}
