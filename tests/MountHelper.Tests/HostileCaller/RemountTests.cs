using ServiceHost.Linux;

namespace MountHelper.Tests;

/// <summary>remount in all its forms: flags change on the mount that is there, everything else is refused by name, nothing is stacked.</summary>
[Trait("Needs", "root")]
public sealed class RemountTests : IDisposable
{
    private readonly MountSandbox _sandbox = new();

    public void Dispose() => _sandbox.Dispose();

    private void Mount(string options)
    {
        using ServiceListener listener = new(_sandbox.Socket(own: true, "calm"), static server =>
        {
            server.MountProperly();
            server.SayGoodbye();
            Assert.Equal(Errno.None, server.ReceiveDone().Error);
        });
        _sandbox.Start("-t", "calm", _sandbox.Source, _sandbox.Mountpoint, "-o", options).Succeeded().Dispose();
        listener.Finish();
    }

    private HelperRun Remount(string options, string type = "calm", params string[] more) =>
        _sandbox.Start(["-t", type, _sandbox.Source, _sandbox.Mountpoint, "-o", options, .. more]).Wait();

    [Theory]
    [InlineData("remount,ro", "ro,nosuid,nodev,relatime")]
    [InlineData("remount,noexec,noatime", "rw,nosuid,nodev,noexec,noatime")]
    [InlineData("remount,suid,dev", "rw,relatime")]
    [InlineData("rw,noexec,remount,cache=never,idmap=70000-70001,x-thing,nofail", "rw,nosuid,nodev,noexec,relatime")]
    [InlineData("remount,ro,user_id=0,group_id=0,default_permissions,allow_other", "ro,nosuid,nodev,relatime")]
    public void Flags_change_on_the_mount_that_is_there(string options, string flags)
    {
        Mount("cache=never,idmap=70000-70001");
        using HelperRun run = Remount(options);

        Assert.True(run.ExitCode == 0, run.Errors);
        Assert.Contains($"{_sandbox.Mountpoint} {flags} - fuse.calm", Assert.Single(_sandbox.NewMounts()), StringComparison.Ordinal);
    }

    [Theory]
    [Rule("remount-changes-flags-only")]
    [InlineData("remount,cache=always", "cache=always")]
    [InlineData("remount,writeback", "writeback")]
    [InlineData("remount,sync", "sync")]
    [InlineData("remount,lazytime", "lazytime")]
    [InlineData("remount,fsname=/dev/sda1", "fsname=/dev/sda1")]
    [InlineData("remount,user_id=1000", "user_id=1000")]
    [InlineData("remount,noallow_other", "noallow_other")]
    [InlineData("remount,mount_timeout=7", "mount_timeout=7")]
    public void Any_other_option_is_refused_by_name(string options, string word)
    {
        Mount("cache=never");
        using HelperRun run = Remount(options);

        Assert.Equal(
            $"fuservicemount: remount cannot change \"{word}\" of {_sandbox.Mountpoint}; "
            + "remount changes ro, rw and flags like noexec; for the rest unmount it and mount it again [remount-changes-flags-only]\n", run.Errors);
        Assert.Equal(ExitCode.Failure, run.ExitCode);
        Assert.Contains("rw,nosuid,nodev,relatime", Assert.Single(_sandbox.NewMounts()), StringComparison.Ordinal);
    }

    [Fact]
    [Rule("remount-changes-flags-only")]
    public void A_mount_that_was_granted_read_only_cannot_become_writable()
    {
        Mount("ro");
        using HelperRun run = Remount("remount,rw");

        Assert.Contains("remount cannot change \"rw\"", run.Errors, StringComparison.Ordinal);
        Assert.Contains($"{_sandbox.Mountpoint} ro,", Assert.Single(_sandbox.NewMounts()), StringComparison.Ordinal);
    }

    [Fact]
    [Rule("remount-finds-our-mount")]
    public void Without_a_mount_remount_makes_none()
    {
        using ServiceListener listener = new(_sandbox.Socket(own: true, "calm"), static server => server.MountProperly());
        using HelperRun run = Remount("remount,ro");

        Assert.Contains("is not the root of a fuse.calm mount; remount changes a mount that is there; mount it first [remount-finds-our-mount]",
            run.Errors, StringComparison.Ordinal);
        Assert.Equal(0, listener.Connections);
        Aftermath.AssertNothingIsLeft(_sandbox, run);
    }

    [Fact]
    [Rule("remount-finds-our-mount")]
    public void A_mount_of_another_type_is_not_touched()
    {
        Mount("rw");
        using HelperRun run = Remount("remount,ro", "other");

        Assert.Equal(ExitCode.Failure, run.ExitCode);
        Assert.Contains("[remount-finds-our-mount]", run.Errors, StringComparison.Ordinal);
        Assert.Contains($"{_sandbox.Mountpoint} rw,", Assert.Single(_sandbox.NewMounts()), StringComparison.Ordinal);
    }

    [Fact]
    public void A_fake_remount_changes_nothing()
    {
        Mount("rw");
        using HelperRun run = Remount("remount,ro", "calm", "-f");

        Assert.True(run.ExitCode == 0, run.Errors);
        Assert.Contains($"{_sandbox.Mountpoint} rw,", Assert.Single(_sandbox.NewMounts()), StringComparison.Ordinal);
    }

    [Theory]
    [Rule("unmount-is-of-our-type")]
    [InlineData("-t", "other")]
    [InlineData("-t", "cal")]
    public void Unmounting_by_the_wrong_name_is_refused(params string[] type)
    {
        Mount("rw");
        using HelperRun run = _sandbox.Start([.. type, "--unmount", _sandbox.Mountpoint]).Wait();

        Assert.Equal(ExitCode.Failure, run.ExitCode);
        Assert.Contains("[unmount-is-of-our-type]", run.Errors, StringComparison.Ordinal);
        Assert.Single(_sandbox.NewMounts());
    }

    [Fact]
    [Rule("unmount-is-of-our-type")]
    public void What_is_no_FUSE_mount_is_not_unmounted()
    {
        _sandbox.Shell($"mount -t tmpfs none {_sandbox.Mountpoint}").Succeeded().Dispose();
        using HelperRun run = _sandbox.Start("--unmount", _sandbox.Mountpoint).Wait();

        Assert.Equal($"fuservicemount: {_sandbox.Mountpoint} is a tmpfs mount, not one of a FUSE server [unmount-is-of-our-type]\n", run.Errors);
        Assert.Single(_sandbox.NewMounts());
    }

    [Fact]
    [Rule("text-is-harmless")]
    public void The_name_of_a_directory_cannot_drive_the_terminal()
    {
        string directory = _sandbox.In("x\u001b[2Jy");
        Directory.CreateDirectory(directory);
        _sandbox.Shell($"mount -t tmpfs none '{directory}'").Succeeded().Dispose();
        using HelperRun unmount = _sandbox.Start("-t", "calm", "--unmount", directory).Wait();
        using HelperRun remount = _sandbox.Start("-t", "calm", "none", directory, "-o", "remount,ro").Wait();

        Assert.DoesNotContain('\u001b', unmount.Errors + remount.Errors);
        Assert.Equal(ExitCode.Failure, unmount.ExitCode);
    }

    [Fact]
    public void A_link_to_a_mount_is_not_the_mount()
    {
        Mount("rw");
        File.CreateSymbolicLink(_sandbox.In("link"), _sandbox.Mountpoint);
        using HelperRun run = _sandbox.Start("--unmount", _sandbox.In("link")).Wait();

        Assert.Equal(ExitCode.Failure, run.ExitCode);
        Assert.Single(_sandbox.NewMounts());
    }

    [Fact]
    public void A_busy_mount_stays_and_can_become_read_only()
    {
        Mount("rw");
        byte[] path = CString.Allocate($"/proc/{_sandbox.HolderPid}/root{_sandbox.Mountpoint}");
        Assert.Equal(Errno.None, Libc.Openat(Fd.Cwd, CString.FromTerminated(path), OpenFlags.Path, 0, out OwnedFd user));
        using OwnedFd busy = user;
        using HelperRun run = _sandbox.Start("--unmount", "-r", _sandbox.Mountpoint).Wait();

        Assert.Equal($"fuservicemount: {_sandbox.Mountpoint} is busy and is read-only now\n", run.Errors);
        Assert.Contains($"{_sandbox.Mountpoint} ro,", Assert.Single(_sandbox.NewMounts()), StringComparison.Ordinal);
        _sandbox.Start("--unmount", "-l", _sandbox.Mountpoint).Succeeded().Dispose();
        Assert.Empty(_sandbox.NewMounts());
    }
}
