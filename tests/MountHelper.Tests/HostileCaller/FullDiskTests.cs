using ServiceHost.Linux;

namespace MountHelper.Tests;

/// <summary>A /run without room for one more registry entry.</summary>
[Trait("Needs", "root")]
public sealed class FullDiskTests : IDisposable
{
    private readonly MountSandbox _sandbox = new();

    public void Dispose() => _sandbox.Dispose();

    [Fact]
    public void A_mount_that_cannot_be_registered_says_so_and_is_not_made()
    {
        FillRegistry();
        using ServiceListener listener = new(_sandbox.Socket(own: true, "full"), static server =>
        {
            server.MountProperly();
            server.SayGoodbye();
            server.WaitForHangUp();
        });
        using HelperRun run = _sandbox.Start("-t", "full", _sandbox.Source, _sandbox.Mountpoint).Wait();
        listener.Finish();
        Assert.Equal(32, run.ExitCode);
        Assert.Contains("No space left on device (ENOSPC)", run.Errors, StringComparison.Ordinal);
        Assert.Contains("/run/fuservice/mounts", run.Errors, StringComparison.Ordinal);
        Assert.Single(run.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.DoesNotContain(_sandbox.NewMounts(), static mount => mount.Contains("fuse.full", StringComparison.Ordinal));
        Assert.Empty(_sandbox.List(_sandbox.Mountpoint));
        Assert.Empty(Registered());
    }

    [Fact]
    public void A_mount_is_unmounted_although_the_disk_is_full()
    {
        using ServiceListener listener = new(_sandbox.Socket(own: true, "full"), static server =>
        {
            server.MountProperly();
            server.SayGoodbye();
            Assert.Equal(Errno.None, server.ReceiveDone().Error);
        });
        _sandbox.Shell("mkdir -m 700 /run/fuservice/mounts && mount -t tmpfs -o size=64k,mode=0700 fuservice-test /run/fuservice/mounts")
            .Succeeded().Dispose();
        using HelperRun run = _sandbox.Start("-t", "full", _sandbox.Source, _sandbox.Mountpoint).Succeeded();
        listener.Finish();
        Assert.Single(Registered());
        _sandbox.Shell("cat /dev/zero >/run/fuservice/mounts/filler; true").Succeeded().Dispose();

        using HelperRun unmount = _sandbox.Start("--unmount", _sandbox.Mountpoint).Succeeded();
        Assert.Empty(Registered());
        Assert.DoesNotContain(_sandbox.NewMounts(), static mount => mount.Contains("fuse.full", StringComparison.Ordinal));
    }

    // A root directory, the registry's own files and not one byte more.
    private void FillRegistry() => _sandbox.Shell(
        "mkdir -m 700 /run/fuservice/mounts && mount -t tmpfs -o size=8k,mode=0700 fuservice-test /run/fuservice/mounts"
        + " && { cat /dev/zero >/run/fuservice/mounts/filler; true; }").Succeeded().Dispose();

    /// <summary>Entries are numbered; other files are the registry's own and the filler.</summary>
    private string[] Registered() =>
        [.. _sandbox.List("/run/fuservice/mounts").Where(static path => char.IsAsciiDigit(Path.GetFileName(path)[0]))];
}
