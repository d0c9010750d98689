using ServiceHost.Linux;

namespace ServiceHost.Fuse.Tests.Wire;

/// <summary>After warm-up a request costs no memory of the garbage collector, whatever it is.</summary>
public sealed class AllocationTests
{
    private const int Requests = 100_000;

    [Fact]
    public void A_hundred_thousand_requests_of_all_opcodes_allocate_nothing()
    {
        DispatcherHarness harness = new(new Silent(), new FuseInitOptions { Wanted = FuseInitFlags.SetxattrExt });
        byte[][] packets =
        [
            .. OpcodeInfo.All.Where(info => info.Opcode != FuseOpcode.Init)
                .Select(info => Packet.Request(info.Opcode, MalformedRequestTests.ValidBody(info))),
        ];
        byte[] reply = new byte[harness.Dispatcher.ReplyBufferSize];
        Run(harness, packets, reply, Requests); // until the JIT is done
        long before = GC.GetAllocatedBytesForCurrentThread();
        Run(harness, packets, reply, Requests);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal(0, allocated);
        Assert.InRange(packets.Length, 45, 60);
        Assert.Equal(0, harness.Dispatcher.Statistics.Faults + harness.Dispatcher.Statistics.Malformed);
    }

    private static void Run(DispatcherHarness harness, byte[][] packets, byte[] reply, int count)
    {
        for (int i = 0; i < count; i++)
        {
            harness.Dispatcher.Dispatch(harness.Slot, packets[i % packets.Length], reply);
        }
    }

    /// <summary>The defaults answer most operations; a few have to succeed to reach the end of their path.</summary>
    private sealed class Silent : FuseFileSystem
    {
        public override Errno Lookup(in RequestContext ctx, NodeId parent, CString name, out FuseEntryOut entry)
        {
            entry = new FuseEntryOut { NodeId = new NodeId(2) };
            return Errno.None;
        }

        public override Errno Getattr(in RequestContext ctx, NodeId node, FileHandle? fh, out FuseAttrOut attr)
        {
            attr = default;
            return Errno.None;
        }

        public override Errno Read(in RequestContext ctx, NodeId node, in FuseReadIn request, Span<byte> data, out int count)
        {
            count = data.Length;
            return Errno.None;
        }

        public override Errno Readdirplus(in RequestContext ctx, NodeId node, in FuseReadIn request, ref DirEntryPlusWriter entries)
        {
            entries.TryAdd(default, "name"u8, 1, 1, 8);
            return Errno.None;
        }
    }
}
