using System.Runtime.InteropServices;

namespace ServiceHost.Linux.Tests.Rings;

public sealed class IoUringTests
{
    [Fact]
    public void What_is_submitted_completes_once_and_with_its_own_mark()
    {
        using IoUring ring = Make(new RingSetup(4, 8));
        for (ulong mark = 1; mark <= 3; mark++)
        {
            Assert.True(ring.TryAddNop(mark));
        }

        Assert.False(ring.HasCompletions);
        Assert.Equal(Errno.None, ring.Submit(waitFor: 3));
        Assert.Equal([(1UL, 0), (2, 0), (3, 0)], TakeAll(ring).Select(completion => (completion.UserData, completion.Result)));
        Assert.False(ring.TryTake(out _));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_queues_go_round_many_times(bool wide)
    {
        using IoUring ring = Make(new RingSetup(4, 8) { WideEntries = wide });
        for (ulong mark = 0; mark < 1000; mark++)
        {
            Assert.True(ring.TryAddNop(mark));
            Assert.Equal(Errno.None, ring.Submit(waitFor: 1));
            Assert.Equal(mark, Assert.Single(TakeAll(ring)).UserData);
        }
    }

    [Fact]
    public void A_full_queue_takes_nothing_until_it_was_submitted()
    {
        using IoUring ring = Make(new RingSetup(2, 8));
        Assert.True(ring.TryAddNop(1));
        Assert.True(ring.TryAddNop(1));
        Assert.False(ring.TryAddNop(1));
        Assert.Equal(Errno.None, ring.Submit(waitFor: 0));
        Assert.True(ring.TryAddNop(1));
    }

    [Fact]
    public void More_completions_than_there_is_room_for_are_not_lost()
    {
        using IoUring ring = Make(new RingSetup(2, 4));
        for (ulong mark = 0; mark < 20; mark++)
        {
            ring.TryAddNop(mark);
            Assert.Equal(Errno.None, ring.Submit(waitFor: 0));
        }

        HashSet<ulong> seen = [];
        while (seen.Count < 20)
        {
            seen.UnionWith(TakeAll(ring).Select(completion => completion.UserData));
            Assert.Equal(Errno.None, ring.Submit(waitFor: seen.Count < 20 ? 1 : 0));
        }
    }

    [Fact]
    public void A_poll_completes_when_there_is_something_to_read()
    {
        using IoUring ring = Make(new RingSetup(2, 4));
        Assert.Equal(Errno.None, Libc.Eventfd(out OwnedFd eventfd));
        using (eventfd)
        {
            Assert.True(ring.TryAddPoll(eventfd, 7));
            Assert.Equal(Errno.None, ring.Submit(waitFor: 0));
            Assert.Empty(TakeAll(ring));
            Assert.Equal(Errno.None, Libc.Write(eventfd, MemoryMarshal.AsBytes<ulong>([1]), out _));
            Assert.Equal(Errno.None, ring.Submit(waitFor: 1));
            Assert.Equal(7UL, Assert.Single(TakeAll(ring)).UserData);
        }
    }

    [Fact]
    public void A_command_that_the_driver_does_not_know_is_its_drivers_error()
    {
        using IoUring ring = Make(new RingSetup(2, 4) { WideEntries = true });
        Assert.Equal(Errno.None, Libc.Openat(Fd.Cwd, CString.FromTerminated("/dev/null\0"u8), OpenFlags.ReadWrite, 0, out OwnedFd device));
        using (device)
        {
            // /dev/null takes every command.
            Assert.True(ring.TryAddCommand(device, 4711, 1, [1, 2, 3]));
            Assert.Equal(Errno.None, ring.Submit(waitFor: 1));
            Assert.Equal(0, Assert.Single(TakeAll(ring)).Result);
        }

        Assert.Equal(Errno.None, Libc.Pipe(out OwnedFd read, out OwnedFd write));
        using (write)
        using (read)
        {
            Assert.True(ring.TryAddCommand(read, 4711, 1, []));
            Assert.Equal(Errno.None, ring.Submit(waitFor: 1));
            Assert.Equal(Errno.EOPNOTSUPP, Assert.Single(TakeAll(ring)).Errno);
        }
    }

    [Fact]
    public void A_restricted_ring_refuses_what_it_was_not_allowed_and_cannot_be_changed_any_more()
    {
        using IoUring ring = Make(new RingSetup(2, 4) { StartDisabled = true });
        Assert.Equal(Errno.None, ring.Restrict(RingOpcode.PollAdd));
        Assert.Equal(Errno.None, ring.Enable());
        Assert.Equal(Errno.EACCES, ring.Restrict(RingOpcode.Nop));
        Assert.Equal((Errno.EACCES, Errno.EACCES, Errno.EACCES), Try(ring));
    }

    [Fact]
    public void An_unrestricted_ring_does_all_that()
    {
        using IoUring ring = Make(new RingSetup(2, 4));
        Assert.Equal((Errno.None, Errno.EFAULT, Errno.EBADF), Try(ring));
    }

    [Fact]
    public void A_disabled_ring_does_nothing_yet()
    {
        using IoUring ring = Make(new RingSetup(2, 4) { StartDisabled = true });
        ring.TryAddNop(1);
        Assert.Equal(Errno.EBADFD, ring.Submit(waitFor: 0));
        Assert.Equal(Errno.None, ring.Enable());
        Assert.Equal(Errno.None, ring.Submit(waitFor: 1));
        Assert.Single(TakeAll(ring));
    }

    [Fact]
    public void A_disposed_ring_says_so()
    {
        IoUring ring = Make(new RingSetup(2, 4));
        ring.Dispose();
        Assert.Throws<ObjectDisposedException>(() => ring.TryTake(out _));
        Assert.Throws<ObjectDisposedException>(() => ring.TryAddNop(1));
        Assert.Throws<ObjectDisposedException>(() => ring.Submit(0));
    }

    private static (Errno Socket, Errno Open, Errno Connect) Try(IoUring ring) =>
        (RingProbe.OpenSocket(ring), RingProbe.OpenNothing(ring), RingProbe.ConnectNothing(ring));

    private static IoUring Make(RingSetup setup)
    {
        Errno errno = IoUring.Create(setup, out IoUring? ring);
        Assert.SkipWhen(errno == Errno.ENOSYS || errno == Errno.EPERM, $"no io_uring on this machine: {errno}");
        Assert.Equal(Errno.None, errno);
        return ring!;
    }

    private static List<RingCompletion> TakeAll(IoUring ring)
    {
        List<RingCompletion> completions = [];
        while (ring.TryTake(out RingCompletion completion))
        {
            completions.Add(completion);
        }

        return completions;
    }
}
