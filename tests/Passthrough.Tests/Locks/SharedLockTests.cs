using System.Diagnostics;
using Servers.Passthrough;
using ServiceHost.Fuse;
using ServiceHost.Linux;

namespace Passthrough.Tests;

public class SharedLockTests
{
    private static readonly PassthroughOptions s_shared = new() { Locks = LockPolicy.Shared };
    private static readonly TimeSpan s_soon = global::Tests.Shared.Wait.Patience;

    [Fact]
    public void Two_owners_exclude_each_other_and_one_owner_does_not_exclude_itself() => Run((kernel, node, fh, _) =>
    {
        Assert.Equal(Errno.None, Set(kernel, node, fh, owner: 1, LockType.Write, 0, 99));
        Assert.Equal(Errno.None, Set(kernel, node, fh, owner: 1, LockType.Write, 50, 149));
        Assert.Equal(Errno.EAGAIN, Set(kernel, node, fh, owner: 2, LockType.Read, 120, 120));
        Assert.Equal(Errno.None, Set(kernel, node, fh, owner: 2, LockType.Write, 150, long.MaxValue));
        Assert.Equal(Errno.None, Set(kernel, node, fh, owner: 1, LockType.Unlock, 100, 149));
        Assert.Equal(Errno.None, Set(kernel, node, fh, owner: 2, LockType.Read, 120, 120));
    });

    [Fact]
    public void Getlk_tells_what_is_in_the_way() => Run((kernel, node, fh, _) =>
    {
        Set(kernel, node, fh, owner: 1, LockType.Write, 10, long.MaxValue);
        Assert.Equal(Errno.None, kernel.Call(FuseOpcode.Getlk, node, Request(fh, 2, LockType.Read, 0, long.MaxValue)));
        FuseFileLock found = kernel.Read<FuseLkOut>().Lk;
        Assert.Equal((uint)LockType.Write, found.Type);
        Assert.Equal((10ul, (ulong)long.MaxValue), (found.Start, found.End));
        Assert.Equal(Errno.None, kernel.Call(FuseOpcode.Getlk, node, Request(fh, 2, LockType.Read, 0, 9)));
        Assert.Equal((uint)LockType.Unlock, kernel.Read<FuseLkOut>().Lk.Type);
    });

    [Fact]
    public void A_lock_on_the_source_counts() => Run((kernel, node, fh, path) =>
    {
        using OwnedFd native = OpenNative(path);
        Assert.Equal(Errno.None, Libc.SetFileLock(native, new FileRangeLock(LockType.Write, 0, 0)));
        Assert.Equal(Errno.EAGAIN, Set(kernel, node, fh, owner: 1, LockType.Read, 0, 0));
    });

    [Fact]
    public void Closing_any_descriptor_of_the_file_drops_all_locks_of_its_owner() => Run((kernel, node, fh, path) =>
    {
        Set(kernel, node, fh, owner: 1, LockType.Write, 0, 9);
        using OwnedFd native = OpenNative(path);
        Assert.Equal(Errno.EAGAIN, Libc.SetFileLock(native, new FileRangeLock(LockType.Write, 0, 0)));
        Assert.Equal(Errno.None, kernel.Flush(node, fh, owner: 2));
        Assert.Equal(Errno.EAGAIN, Libc.SetFileLock(native, new FileRangeLock(LockType.Write, 0, 0)));
        Assert.Equal(Errno.None, kernel.Flush(node, fh, owner: 1));
        Assert.Equal(Errno.None, Libc.SetFileLock(native, new FileRangeLock(LockType.Write, 0, 0)));
    });

    [Fact]
    public void A_waiter_goes_on_as_soon_as_the_holder_lets_go() => Run((kernel, node, fh, _) =>
    {
        Set(kernel, node, fh, owner: 1, LockType.Write, 0, 9);
        ulong waiting = Wait(kernel, node, fh, owner: 2);
        Assert.False(kernel.HasReply(waiting));
        Set(kernel, node, fh, owner: 1, LockType.Unlock, 0, 9);
        Assert.Equal(Errno.None, kernel.WaitFor(waiting, s_soon));
        Assert.Equal(Errno.EAGAIN, Set(kernel, node, fh, owner: 1, LockType.Write, 0, 9));
    });

    [Fact]
    public void A_waiter_goes_on_when_a_holder_on_the_source_lets_go() => Run((kernel, node, fh, path) =>
    {
        OwnedFd native = OpenNative(path);
        Libc.SetFileLock(native, new FileRangeLock(LockType.Write, 0, 0));
        ulong waiting = Wait(kernel, node, fh, owner: 2);
        native.Dispose();
        Assert.Equal(Errno.None, kernel.WaitFor(waiting, s_soon));
    });

    [Fact]
    public void An_interrupted_waiter_gets_EINTR_and_no_lock() => Run((kernel, node, fh, _) =>
    {
        Set(kernel, node, fh, owner: 1, LockType.Write, 0, 9);
        ulong waiting = Wait(kernel, node, fh, owner: 2);
        kernel.Call(FuseOpcode.Interrupt, default, new FuseInterruptIn { Unique = new RequestId(waiting) });
        Assert.Equal(Errno.EINTR, kernel.WaitFor(waiting, s_soon));
        Set(kernel, node, fh, owner: 1, LockType.Unlock, 0, 9);
        Assert.Equal(Errno.None, Set(kernel, node, fh, owner: 3, LockType.Write, 0, 9));
    });

    [Fact]
    public void Flock_locks_belong_to_the_open_file() => Run((kernel, node, fh, _) =>
    {
        FileHandle other = kernel.Open(node, OpenFlags.ReadWrite);
        Assert.Equal(Errno.None, Flock(kernel, node, fh, LockType.Write, FuseOpcode.Setlk));
        Assert.Equal(Errno.EAGAIN, Flock(kernel, node, other, LockType.Read, FuseOpcode.Setlk));
        Flock(kernel, node, other, LockType.Write, FuseOpcode.Setlkw);
        Assert.True(kernel.WasDeferred);
        ulong waiting = kernel.LastUnique;
        kernel.Release(node, fh);
        Assert.Equal(Errno.None, kernel.WaitFor(waiting, s_soon));
    });

    [Fact]
    public void The_second_of_two_who_wait_for_each_other_gets_EDEADLK() => Run((kernel, node, fh, _) =>
    {
        Set(kernel, node, fh, owner: 1, LockType.Write, 0, 9);
        Set(kernel, node, fh, owner: 2, LockType.Write, 10, 19);
        ulong first = Wait(kernel, node, fh, owner: 1, LockType.Write, 10, 19);
        ulong second = Wait(kernel, node, fh, owner: 2, LockType.Read, 5, 5);
        Assert.Equal(Errno.EDEADLK, kernel.WaitFor(second, s_soon));
        Assert.False(kernel.HasReply(first));
        Set(kernel, node, fh, owner: 2, LockType.Unlock, 0, long.MaxValue);
        Assert.Equal(Errno.None, kernel.WaitFor(first, s_soon));
    });

    [Fact]
    public void A_ring_may_go_through_several_files_and_owners() => Run((kernel, node, fh, _) =>
    {
        (FuseEntryOut other, FileHandle otherFh) = kernel.Create(NodeId.Root, "g");
        Set(kernel, node, fh, owner: 1, LockType.Write, 0, 9);
        Set(kernel, other.NodeId, otherFh, owner: 2, LockType.Read, 0, 9);
        Set(kernel, node, fh, owner: 3, LockType.Write, 20, 29);
        ulong first = Wait(kernel, other.NodeId, otherFh, owner: 1, LockType.Write, 0, 9);
        ulong second = Wait(kernel, node, fh, owner: 2, LockType.Read, 20, 29);
        Assert.False(kernel.HasReply(first) || kernel.HasReply(second));
        Assert.Equal(Errno.EDEADLK, kernel.WaitFor(Wait(kernel, node, fh, owner: 3, LockType.Write, 0, 0), s_soon));
    });

    [Fact]
    public void Waiting_for_what_was_given_back_meanwhile_is_no_deadlock() => Run((kernel, node, fh, _) =>
    {
        Set(kernel, node, fh, owner: 1, LockType.Write, 0, 99);
        Set(kernel, node, fh, owner: 2, LockType.Write, 100, 199);
        Set(kernel, node, fh, owner: 3, LockType.Write, 300, 300);
        Set(kernel, node, fh, owner: 1, LockType.Unlock, 40, 59);
        ulong first = Wait(kernel, node, fh, owner: 1, LockType.Write, 300, 300);
        Assert.Equal(Errno.None, Set(kernel, node, fh, owner: 3, LockType.Write, 40, 59));
        Assert.Equal(Errno.EDEADLK, kernel.WaitFor(Wait(kernel, node, fh, owner: 3, LockType.Read, 60, 60), s_soon));
        Assert.False(kernel.HasReply(first));
    });

    [Fact]
    public void Two_readers_who_want_to_write_are_a_deadlock() => Run((kernel, node, fh, _) =>
    {
        Set(kernel, node, fh, owner: 1, LockType.Read, 0, 9);
        Set(kernel, node, fh, owner: 2, LockType.Read, 0, 9);
        Wait(kernel, node, fh, owner: 1);
        Assert.Equal(Errno.EDEADLK, kernel.WaitFor(Wait(kernel, node, fh, owner: 2), s_soon));
    });

    [Fact]
    public void Waiting_costs_the_worker_nothing() => Run((kernel, node, fh, _) =>
    {
        Set(kernel, node, fh, owner: 1, LockType.Write, 0, 9);
        Stopwatch watch = Stopwatch.StartNew();
        for (ulong owner = 10; owner < 40; owner++)
        {
            Wait(kernel, node, fh, owner);
        }

        Assert.True(watch.Elapsed < s_soon, $"30 waiters took {watch.Elapsed}");
        kernel.Getattr(node);
    });

    private static void Run(Action<TestKernel, NodeId, FileHandle, string> body) => DedicatedThread.Run(() =>
    {
        using TempTree tree = new();
        using TestKernel kernel = new(tree, s_shared);
        (FuseEntryOut entry, FileHandle fh) = kernel.Create(NodeId.Root, "f");
        body(kernel, entry.NodeId, fh, tree.Of("f"));
    });

    private static FuseLkIn Request(FileHandle fh, ulong owner, LockType type, long start, long end) => new()
    {
        Fh = fh,
        Owner = new LockOwner(owner),
        Lk = new FuseFileLock { Start = (ulong)start, End = (ulong)end, Type = (uint)type },
    };

    private static Errno Set(TestKernel kernel, NodeId node, FileHandle fh, ulong owner, LockType type, long start, long end) =>
        kernel.Call(FuseOpcode.Setlk, node, Request(fh, owner, type, start, end));

    private static Errno Flock(TestKernel kernel, NodeId node, FileHandle fh, LockType type, FuseOpcode opcode) =>
        kernel.Call(opcode, node, Request(fh, fh.Value, type, 0, long.MaxValue) with { LkFlags = FuseLkFlags.Flock });

    private static ulong Wait(
        TestKernel kernel, NodeId node, FileHandle fh, ulong owner, LockType type = LockType.Write, long start = 0, long end = 9)
    {
        kernel.Call(FuseOpcode.Setlkw, node, Request(fh, owner, type, start, end));
        Assert.True(kernel.WasDeferred, "SETLKW of a taken lock must not be answered by the worker");
        return kernel.LastUnique;
    }

    private static OwnedFd OpenNative(string path)
    {
        Assert.Equal(
            Errno.None,
            Libc.Openat(Fd.Cwd, CString.FromTerminated(CString.Allocate(path)), OpenFlags.ReadWrite, 0, out OwnedFd native));
        return native;
    }
}
