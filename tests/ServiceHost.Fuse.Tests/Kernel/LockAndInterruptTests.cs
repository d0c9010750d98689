using ServiceHost.Fuse.Tests.Memory;
using ServiceHost.Linux;

namespace ServiceHost.Fuse.Tests.Kernel;

[Trait("Needs", "root")]
[Collection(KernelMount.Collection)]
public abstract class LockAndInterruptTests(bool rings)
{
    private static readonly TimeSpan s_patience = Wait.Patience;

    private static readonly FuseInitOptions s_withLocks = new()
    {
        Wanted = FuseInitOptions.DefaultFlags | FuseInitFlags.PosixLocks | FuseInitFlags.FlockLocks,
        RequestTimeout = 0,
    };

    [Fact]
    public void Record_locks_are_the_filesystems()
    {
        MemoryFileSystem fileSystem = new();
        using KernelMount mount = new(fileSystem, s_withLocks, rings: rings);
        fileSystem.AddFile("file", [1, 2, 3]);
        using OwnedFd first = mount.Open("file");
        using OwnedFd second = mount.Open("file");
        Assert.Equal(Errno.None, Libc.SetFileLock(first, new FileRangeLock(LockType.Write, 10, 5)));
        Assert.Equal(Errno.EAGAIN, Libc.SetFileLock(second, new FileRangeLock(LockType.Read, 14, 1)));
        Assert.Equal(Errno.None, Libc.SetFileLock(second, new FileRangeLock(LockType.Read, 15, 1)));
        FileRangeLock found = new(LockType.Read, 0, 0);
        Assert.Equal(Errno.None, Libc.GetFileLock(second, ref found));
        Assert.Equal((LockType.Write, 10L, 5L), (found.Type, found.Start, found.Length));
    }

    [Fact]
    public async Task A_waiting_lock_is_granted_later_and_occupies_no_worker()
    {
        MemoryFileSystem fileSystem = new();
        using KernelMount mount = new(fileSystem, s_withLocks, devices: 1, rings: rings);
        fileSystem.AddFile("file", [1]);
        using OwnedFd first = mount.Open("file");
        using OwnedFd second = mount.Open("file");
        Assert.Equal(Errno.None, Libc.Flock(first, FlockOperation.Exclusive));
        Task<Errno> waiting = Task.Factory.StartNew(() => Libc.Flock(second, FlockOperation.Exclusive), TaskCreationOptions.LongRunning);
        Assert.True(await fileSystem.Blocked.WaitAsync(s_patience));

        // The only worker still serves.
        Assert.Equal(1ul, Caller.Stat(mount["file"]).Size);
        Assert.Equal(Errno.None, Libc.Read(first, new byte[1], out _));
        Assert.False(waiting.IsCompleted);
        Assert.Equal(Errno.None, Libc.Flock(first, FlockOperation.Unlock));
        Assert.Equal(Errno.None, await waiting.WaitAsync(s_patience));
    }

    [Fact]
    public async Task A_signal_ends_a_waiting_lock()
    {
        MemoryFileSystem fileSystem = new();
        using KernelMount mount = new(fileSystem, s_withLocks, rings: rings);
        fileSystem.AddFile("file", [1]);
        using OwnedFd first = mount.Open("file");
        using OwnedFd second = mount.Open("file");
        Assert.Equal(Errno.None, Libc.Flock(first, FlockOperation.Exclusive));
        Task<Errno> waiting = Caller.InThread(() => Libc.Flock(second, FlockOperation.Exclusive), out int thread);
        Assert.True(await fileSystem.Blocked.WaitAsync(s_patience));
        Caller.Interrupt(thread);
        Assert.Equal(Errno.EINTR, await waiting.WaitAsync(s_patience));
    }

    [Theory]
    [InlineData(2, 2)]
    [InlineData(1, 2)] // both workers share one device, as with libfuse's helper
    public async Task A_signal_interrupts_a_request_in_the_hands_of_a_worker(int devices, int workers)
    {
        MemoryFileSystem fileSystem = new() { OpenFlags = FopenFlags.DirectIo };
        using KernelMount mount = new(fileSystem, devices: devices, workers: workers, rings: rings);
        fileSystem.AddFile("blocks", [1]);
        using OwnedFd fd = mount.Open("blocks");
        Task<Errno> reading = Caller.InThread(() => Libc.Read(fd, new byte[10], out _), out int thread);
        Assert.True(await fileSystem.Blocked.WaitAsync(s_patience));
        Caller.Interrupt(thread);
        Assert.Equal(Errno.EINTR, await reading.WaitAsync(s_patience));
        Assert.Equal(0, mount.Session.Statistics.RejectedReplies);
    }

    [Fact]
    public async Task Interrupts_find_their_victims_under_load()
    {
        MemoryFileSystem fileSystem = new() { OpenFlags = FopenFlags.DirectIo };
        using KernelMount mount = new(fileSystem, devices: 4, rings: rings);
        fileSystem.AddFile("blocks", [1]);
        fileSystem.AddFile("file", [1]);
        using CancellationTokenSource stop = new();
        Task load = Task.Factory.StartNew(
            () =>
            {
                while (!stop.IsCancellationRequested)
                {
                    File.ReadAllBytes(mount["file"]);
                }
            },
            TaskCreationOptions.LongRunning);
        for (int i = 0; i < 300; i++)
        {
            using OwnedFd fd = mount.Open("blocks");
            Task<Errno> reading = Caller.InThread(() => Libc.Read(fd, new byte[10], out _), out int thread);
            long before = InterruptsOf(mount);
            bool mayBeLost = false;
            while (!reading.IsCompleted && !mayBeLost)
            {
                // Also before the read was sent or taken: any order of victim and interrupt is met.
                Caller.Interrupt(thread);
                await Task.Yield();
                mayBeLost = rings
                    && await fileSystem.Blocked.WaitAsync(TimeSpan.Zero)
                    && !Wait.Until(() => reading.IsCompleted || InterruptsOf(mount) > before, TimeSpan.FromMilliseconds(50));
            }

            // A signal that comes before the request is in the ring leads to no INTERRUPT (Linux 6.18); one that came must find its victim.
            if (mayBeLost)
            {
                fileSystem.Unblock();
            }

            Assert.Equal(Errno.EINTR, await reading);
            fileSystem.BlockAgain();
        }

        await stop.CancelAsync();
        await load;
    }

    private static long InterruptsOf(KernelMount mount) => mount.Session.Statistics.Requests(FuseOpcode.Interrupt);
}
