using ServiceHost.Linux;

namespace ServiceHost.Fuse.Tests.Kernel;

/// <summary>Around a dispatch a worker reads, writes, submits and sleeps. None of that takes memory of the garbage collector, on either transport.</summary>
[Trait("Needs", "root")]
[Collection(KernelMount.Collection)]
public sealed class TransportAllocationTests
{
    private const int Requests = 20_000;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_request_from_the_kernel_and_back_allocates_nothing(bool rings)
    {
        Meter meter = new();
        using KernelMount mount = new(meter, rings: rings);
        byte[] path = KernelMount.Z(mount.Path);
        while (meter.Measured < Requests)
        {
            KernelMount.Check(Libc.Statx(Fd.Cwd, CString.FromTerminated(path), AtFlags.SymlinkNoFollow, StatxMask.BasicStats, out _));
        }

        Assert.Equal(0, meter.Allocated);
        Assert.Equal(rings, mount.Session.IsOverIoUring);
    }

    /// <summary>A directory whose attributes nobody may keep. From one request of a worker to its next it sees what that thread has allocated.</summary>
    private sealed class Meter : FuseFileSystem
    {
        private const int WarmUp = 1_000;
        private const uint S_IFDIR = 0x4000;

        [ThreadStatic]
        private static int t_requests;

        [ThreadStatic]
        private static long t_allocated;

        private long _allocated;
        private long _measured;

        public long Allocated => Interlocked.Read(ref _allocated);

        public long Measured => Interlocked.Read(ref _measured);

        public override Errno Getattr(in RequestContext ctx, NodeId node, FileHandle? fh, out FuseAttrOut attr)
        {
            attr = new FuseAttrOut { Attr = new FuseAttr { Ino = 1, Mode = S_IFDIR | 0x1ED, Nlink = 2 } };
            long allocated = GC.GetAllocatedBytesForCurrentThread();
            if (++t_requests > WarmUp)
            {
                Interlocked.Add(ref _allocated, allocated - t_allocated);
                Interlocked.Increment(ref _measured);
            }

            t_allocated = allocated;
            return Errno.None;
        }
    }
}
