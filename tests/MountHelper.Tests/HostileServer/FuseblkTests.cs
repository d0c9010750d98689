using ServiceHost.Linux;
using ServiceHost.MountProtocol;

namespace MountHelper.Tests;

/// <summary>Mounts over a block device, on loop devices that are given back.</summary>
[Trait("Needs", "root")]
public sealed class FuseblkTests : IDisposable
{
    private readonly MountSandbox _sandbox = new();
    private readonly ManualResetEventSlim _covered = new();
    private readonly string _device;
    private readonly string _otherDevice;

    public FuseblkTests()
    {
        _device = Attach("img");
        _otherDevice = Attach("other");
    }

    public void Dispose()
    {
        Run($"umount {_device} 2>/dev/null; losetup -d {_device} {_otherDevice}");
        _covered.Dispose();
        _sandbox.Dispose();
    }

    private string Attach(string image) => Run($"truncate -s 1M {_sandbox.In(image)}; losetup --find --show {_sandbox.In(image)}").Trim();

    private string Run(string script)
    {
        using HelperRun run = _sandbox.Shell(script).Succeeded();
        return run.Output;
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_device_that_root_gave_can_be_mounted_as_fuseblk(bool own)
    {
        using ServiceListener listener = new(_sandbox.Socket(own, "blk"), server => Serve(server, own));
        using HelperRun run = _sandbox.Start("-t", "fuseblk.blk", _device, _sandbox.Mountpoint).Wait();
        listener.Finish();

        Assert.True(run.ExitCode == 0, run.Errors);
        Assert.Contains($"fuseblk.blk {_device} rw,", Assert.Single(_sandbox.NewMounts()), StringComparison.Ordinal);
        listener.End!.Dispose();
        _sandbox.Start("-t", "fuseblk.blk", "--unmount", _sandbox.Mountpoint).Succeeded().Dispose();
        _sandbox.Start("--wait", _device).Succeeded().Dispose();
    }

    [Fact]
    [Rule("fuseblk-mounts-the-pinned-device")]
    public void A_device_that_is_covered_by_another_is_not_mounted_in_its_place()
    {
        using ServiceListener listener = new(_sandbox.Socket(own: true, "blk"), server =>
        {
            server.Greet();
            Assert.Equal(Errno.None, server.Ask("source", SourceKinds.BlockDevice).Error);
            _covered.Wait(Wait.Patience);
            server.AskForMount(flags: MountRequestFlags.Fuseblk);
            server.WaitForHangUp();
        });
        using HelperRun run = _sandbox.Start("-t", "fuseblk.blk", _device, _sandbox.Mountpoint);
        Wait.For("the grant", () => listener.End?.Granted.Count == 1);
        Run($"mount --bind {_otherDevice} {_device}");
        _covered.Set();
        run.Wait();
        listener.Finish();

        Assert.Equal(
            $"fuservicemount: {_device} on {_sandbox.Mountpoint}: {_device} changed while it was being mounted [fuseblk-mounts-the-pinned-device]\n",
            run.Errors);
        Assert.DoesNotContain(_sandbox.NewMounts(), static line => line.Contains("fuseblk", StringComparison.Ordinal));
    }

    [Fact]
    [Rule("fuseblk-is-its-own")]
    public void A_second_mount_of_a_device_is_refused_and_the_first_lives_on()
    {
        using ServiceListener first = new(_sandbox.Socket(own: true, "blk"), server => Serve(server, own: true));
        using HelperRun mounted = _sandbox.Start("-t", "fuseblk.blk", _device, _sandbox.Mountpoint).Wait();
        first.Finish();
        Assert.True(mounted.ExitCode == 0, mounted.Errors);
        using ServiceListener second = new(_sandbox.Socket(own: true, "again"), static server =>
        {
            server.Greet();
            server.Ask("source", SourceKinds.BlockDevice);
            server.AskForMount(flags: MountRequestFlags.Fuseblk);
            server.WaitForHangUp();
        });
        Directory.CreateDirectory(_sandbox.In("mnt2"));
        using HelperRun run = _sandbox.Start("-t", "fuseblk.again", _device, _sandbox.In("mnt2")).Wait();
        second.Finish();

        Assert.EndsWith($"{_device} is mounted already [fuseblk-is-its-own]\n", run.Errors, StringComparison.Ordinal);
        Assert.Single(_sandbox.NewMounts());
        Assert.True(FakeFuse.IsConnected(first.End!.Devices[0]), "the connection of the first mount was aborted");
        first.End!.Dispose();
    }

    [Fact]
    [Rule("fuseblk-needs-root-and-device")]
    public void A_fuseblk_mount_of_an_image_is_refused_before_the_server_is_asked()
    {
        using ServiceListener listener = new(_sandbox.Socket(own: true, "blk"), static _ => { });
        using HelperRun run = _sandbox.Start("-t", "fuseblk.blk", _sandbox.Source, _sandbox.Mountpoint).Wait();

        Assert.EndsWith("a fuseblk mount needs a block device, and root; mount it as fuse.blk [fuseblk-needs-root-and-device]\n", run.Errors, StringComparison.Ordinal);
        Assert.Equal(0, listener.Connections);
    }

    private void Serve(ServerEnd server, bool own)
    {
        if (own)
        {
            server.Greet();
            server.Ask("source", SourceKinds.BlockDevice);
            server.AskForMount(flags: MountRequestFlags.Fuseblk);
            server.Receive(server.Devices);
            FakeFuse.AnswerInit(server.Devices[0]);
            server.SayGoodbye();
            server.ReceiveDone();
            return;
        }

        server.GreetV1();
        Assert.Equal(Errno.None, server.Open(_device, 2, block: true, blockSize: 512).Error);
        Assert.Equal(Errno.None, server.Choose(V1FsopenFlags.Fuseblk));
        server.Tell("NAME", _device);
        server.Say(ServerEnd.Mountpoint(_sandbox.Mountpoint));
        server.ReceiveReply();
        Assert.Equal(Errno.None, server.DoIt());
        server.Bye();
    }
}
