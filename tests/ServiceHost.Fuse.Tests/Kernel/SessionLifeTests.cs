using System.Globalization;
using ServiceHost.Fuse.Tests.Memory;
using ServiceHost.Linux;

namespace ServiceHost.Fuse.Tests.Kernel;

[Trait("Needs", "root")]
[Collection(KernelMount.Collection)]
public abstract class SessionLifeTests(bool rings)
{
    [Fact]
    public void Unmounting_ends_the_session_and_every_worker()
    {
        MemoryFileSystem fileSystem = new();
        using KernelMount mount = new(fileSystem, devices: 4, rings: rings);
        mount.Unmount();
        FuseSessionEnd end = mount.WaitForEnd();
        Assert.Equal((FuseSessionEndReason.Unmounted, true), (end.Reason, end.IsClean));
        Assert.True(fileSystem.SessionEnded);

        // Beside the rings somebody reads /dev/fuse.
        string[] ofTheRings = rings ? ["fuse-4"] : [];
        Assert.Equal(["fuse-0", "fuse-1", "fuse-2", "fuse-3", .. ofTheRings], fileSystem.WorkerThreads.Order());
        Assert.Equal(rings, mount.Session.IsOverIoUring);
    }

    [Fact]
    public void An_exception_is_EIO_for_its_request_is_logged_with_its_stack_and_the_mount_lives_on()
    {
        MemoryFileSystem fileSystem = new() { OpenFlags = FopenFlags.DirectIo };
        using KernelMount mount = new(fileSystem, rings: rings);
        fileSystem.AddFile("throws", [1]);
        fileSystem.AddFile("file", [65]);
        using OwnedFd fd = mount.Open("throws");
        for (int i = 0; i < 30; i++)
        {
            Assert.Equal(Errno.EIO, Libc.Read(fd, new byte[10], out _));
        }

        Assert.Equal("A", File.ReadAllText(mount["file"]));
        Assert.Equal(30, mount.Session.Statistics.Faults);
        Assert.Contains("thrown on purpose", mount.Log, StringComparison.Ordinal);
        Assert.Contains("MemoryFileSystem.Read(", mount.Log, StringComparison.Ordinal);
        Assert.InRange(mount.Log.Split("thrown on purpose").Length - 1, 1, 11);
    }

    [Fact]
    public void An_abort_through_fusectl_ends_the_session()
    {
        if (!File.Exists("/sys/fs/fuse/connections"))
        {
            _ = MountSyscalls.mount(KernelMount.Z("fusectl"), KernelMount.Z("/sys/fs/fuse/connections"), KernelMount.Z("fusectl"), 0, KernelMount.Z(""));
        }

        using KernelMount mount = new(new MemoryFileSystem(), rings: rings);
        string abort = string.Create(CultureInfo.InvariantCulture, $"/sys/fs/fuse/connections/{mount.DeviceMinor}/abort");
        File.WriteAllText(abort, "1");
        FuseSessionEnd end = mount.WaitForEnd();
        Assert.Equal((FuseSessionEndReason.Aborted, Errno.ECONNABORTED), (end.Reason, end.Errno));
    }

    [Fact]
    public void Stop_calls_sleeping_workers_off_and_callers_get_an_error()
    {
        using KernelMount mount = new(new MemoryFileSystem(), devices: 3, rings: rings);
        mount.Session.Stop();
        Assert.Equal(FuseSessionEndReason.Stopped, mount.WaitForEnd().Reason);
        Errno errno = Libc.Mkdirat(Fd.Cwd, Caller.Path(KernelMount.Z(mount["dir"])), 0x1ED);
        Assert.Contains(errno, new[] { Errno.ENOTCONN, Errno.ECONNABORTED, Errno.ECANCELED });
    }

    [Fact]
    public async Task Stop_fails_a_request_that_was_deferred()
    {
        MemoryFileSystem fileSystem = new();
        FuseInitOptions init = new() { Wanted = FuseInitOptions.DefaultFlags | FuseInitFlags.FlockLocks };
        using KernelMount mount = new(fileSystem, init, rings: rings);
        fileSystem.AddFile("file", [1]);
        OwnedFd first = mount.Open("file");
        OwnedFd second = mount.Open("file");
        Assert.Equal(Errno.None, Libc.Flock(first, FlockOperation.Exclusive));
        Task<Errno> waiting = Task.Factory.StartNew(() => Libc.Flock(second, FlockOperation.Exclusive), TaskCreationOptions.LongRunning);
        await fileSystem.Blocked.WaitAsync();
        mount.Session.Stop();
        mount.WaitForEnd();
        Assert.True((await waiting).IsError);
        first.Dispose();
        second.Dispose();
    }

    [Fact]
    public void A_worker_that_cannot_start_ends_the_session_before_it_serves()
    {
        KernelMount.Check(Libc.OpenFuseDevice(out OwnedFd device));
        using FuseSession session = new(new CannotStart(), new FuseInitOptions(), [device], new FuseSessionOptions { Workers = 3 });
        FuseSessionEnd end = session.Run();
        Assert.Equal(FuseSessionEndReason.Failed, end.Reason);
        Assert.Contains("no umask today", end.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Rings_are_not_wanted_without_a_transport_that_has_them()
    {
        KernelMount.Check(Libc.OpenFuseDevice(out OwnedFd device));
        using OwnedFd owned = device;
        Assert.Throws<ArgumentException>(
            () => new FuseSession(new MemoryFileSystem(), new FuseInitOptions { Wanted = FuseInitFlags.OverIoUring }, [owned]));
    }

    [Fact]
    public void A_device_that_is_not_mounted_ends_the_session_with_the_reason()
    {
        KernelMount.Check(Libc.OpenFuseDevice(out OwnedFd device));
        using FuseSession session = new(new MemoryFileSystem(), new FuseInitOptions(), [device]);
        FuseSessionEnd end = session.Run();
        Assert.Equal((FuseSessionEndReason.Failed, Errno.EPERM), (end.Reason, end.Errno));
    }

    [Fact]
    public void A_kernel_that_lacks_what_is_required_gets_no_filesystem()
    {
        KernelMount mount = new(new MemoryFileSystem(), new FuseInitOptions { Required = (FuseInitFlags)(1UL << 60) }, waitForInit: false, rings: rings);
        FuseSessionEnd end = mount.WaitForEnd();
        Assert.Equal(FuseSessionEndReason.InitRefused, end.Reason);
        Assert.Contains("lacks 1152921504606846976", end.Detail, StringComparison.Ordinal);
        mount.Dispose();
    }

    [Fact]
    public void A_server_that_mounts_for_itself_can_have_INIT_answered_inside_mount()
    {
        // Again and again: the thread in mount(2) may come to the answer of INIT before or after the rings are handed over.
        for (int i = 0; i < 20; i++)
        {
            using KernelMount mount = new(new MemoryFileSystem(), devices: 1, workers: 2, syncInit: true, rings: rings);
            Assert.NotNull(mount.Session.Connection);
            File.WriteAllText(mount["file"], "text");
            Assert.Equal("text", File.ReadAllText(mount["file"]));
        }
    }

    private sealed class CannotStart : FuseFileSystem
    {
        public override void OnWorkerStart(int worker)
        {
            if (worker == 1)
            {
                throw new InvalidOperationException("no umask today");
            }
        }
    }
}
