using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Servers.Passthrough;
using ServiceHost.Fuse;
using ServiceHost.Linux;

namespace Passthrough.Tests;

public class AllocationTests
{
    private const int MinimumRequests = 100_000;
    private const int MinimumOpcodes = 20;
    private const int WarmUpRounds = 300;
    private static readonly byte[] s_value = [.. "user.x\0value"u8];
    private static readonly byte[] s_data = new byte[4096];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Requests_allocate_nothing_once_warmed_up(bool inPassthrough) => DedicatedThread.Run(() =>
    {
        using TempTree tree = new();
        PassthroughOptions options = new() { Backing = inPassthrough ? BackingPolicy.Auto : BackingPolicy.Never };
        using TestKernel kernel = new(tree, options, backingFiles: new NumberedBackingFiles());
        Round round = new(kernel);
        for (int i = 0; i < WarmUpRounds; i++)
        {
            round.Run();
        }

        int requests = round.Requests;
        long before = GC.GetAllocatedBytesForCurrentThread();
        while (round.Requests - requests < MinimumRequests)
        {
            round.Run();
        }

        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal(0, allocated);
        Assert.Equal(string.Empty, round.Failure);
        Assert.True(round.OpcodeCount >= MinimumOpcodes, $"only {round.OpcodeCount} opcodes");
        Assert.Equal((1, 0), kernel.FileSystem.InUse);
        Assert.Equal(inPassthrough, kernel.FileSystem.Modes.Registered > 0);
        Assert.Equal(kernel.FileSystem.Modes.Registered, kernel.FileSystem.Modes.Released);
    });

    /// <summary>Registers anything, and allocates nothing for it.</summary>
    private sealed class NumberedBackingFiles : IBackingFiles
    {
        private int _last;

        public Errno Register(Fd file, out int backingId)
        {
            backingId = ++_last;
            return Errno.None;
        }

        public void Release(int backingId)
        {
            // The filesystem counts by itself what it gave back.
        }
    }

    /// <summary>
    /// One of each operation; whatever a round makes, it removes. Nothing in here may allocate either, so a failure is kept as the first opcode that did not
    /// succeed and asserted afterwards.
    /// </summary>
    private sealed class Round(TestKernel kernel)
    {
        private ulong _opcodes;
        private (FuseOpcode Opcode, Errno Errno) _failure;

        public int Requests { get; private set; }

        public int OpcodeCount => System.Numerics.BitOperations.PopCount(_opcodes);

        public string Failure => _failure.Errno.IsOk ? string.Empty : $"{_failure.Opcode}: {_failure.Errno}";

        public void Run()
        {
            NodeId d = MakeDirectory();
            Files(d);
            Names(d);
            Attributes(d);
            ReadDirectory(d);
            Send(FuseOpcode.Rmdir, NodeId.Root, default(TestKernel.Nothing), "d"u8);
            Send(FuseOpcode.Forget, d, new FuseForgetIn { Nlookup = 1 });
        }

        private NodeId MakeDirectory()
        {
            Send(FuseOpcode.Mkdir, NodeId.Root, new FuseMkdirIn { Mode = 0x1ED }, "d"u8);
            NodeId d = Node();
            Send(FuseOpcode.Statfs, d, default(TestKernel.Nothing));
            return d;
        }

        private void Files(NodeId d)
        {
            Send(FuseOpcode.Create, d, new FuseCreateIn { Mode = (uint)ModeBits.Regular | 0x1A4, Flags = 2 }, "f"u8);
            NodeId f = Node();
            FileHandle fh = MemoryMarshal.Read<FuseOpenOut>(kernel.Reply[Unsafe.SizeOf<FuseEntryOut>()..]).Fh;
            SendData(FuseOpcode.Write, f, new FuseWriteIn { Fh = fh, Size = 4096 }, s_data);
            Send(FuseOpcode.Read, f, new FuseReadIn { Fh = fh, Size = 4096 });
            Send(FuseOpcode.Lseek, f, new FuseLseekIn { Fh = fh, Whence = (uint)SeekWhence.Data });
            Send(FuseOpcode.Fallocate, f, new FuseFallocateIn { Fh = fh, Length = 8192, Mode = (uint)FallocateMode.KeepSize });
            FuseCopyFileRangeIn copy = new() { FhIn = fh, NodeIdOut = f, FhOut = fh, OffOut = 4096, Len = 4096 };
            Send(FuseOpcode.CopyFileRange64, f, copy);
            Send(FuseOpcode.Flush, f, new FuseFlushIn { Fh = fh });
            Send(FuseOpcode.Release, f, new FuseReleaseIn { Fh = fh });
            Send(FuseOpcode.Open, f, default(FuseOpenIn));
            fh = kernel.Read<FuseOpenOut>().Fh;
            Send(FuseOpcode.Release, f, new FuseReleaseIn { Fh = fh });
            Send(FuseOpcode.Link, d, new FuseLinkIn { OldNodeId = f }, "g"u8);
            Send(FuseOpcode.Unlink, d, default(TestKernel.Nothing), "g"u8);
            Send(FuseOpcode.Forget, f, new FuseForgetIn { Nlookup = 2 });
        }

        private void Names(NodeId d)
        {
            Send(FuseOpcode.Rename2, d, new FuseRename2In { NewDir = d, Flags = RenameFlags.NoReplace }, "f"u8, "r"u8);
            Send(FuseOpcode.Lookup, d, default(TestKernel.Nothing), "r"u8);
            Send(FuseOpcode.Forget, Node(), new FuseForgetIn { Nlookup = 1 });
            Send(FuseOpcode.Symlink, d, default(TestKernel.Nothing), "l"u8, "target"u8);
            NodeId link = Node();
            Send(FuseOpcode.Readlink, link, default(TestKernel.Nothing));
            Send(FuseOpcode.Unlink, d, default(TestKernel.Nothing), "l"u8);
            Send(FuseOpcode.Forget, link, new FuseForgetIn { Nlookup = 1 });
            Send(FuseOpcode.Mknod, d, new FuseMknodIn { Mode = (uint)ModeBits.Fifo | 0x1A4 }, "p"u8);
            Send(FuseOpcode.Forget, Node(), new FuseForgetIn { Nlookup = 1 });
        }

        private void Attributes(NodeId d)
        {
            Send(FuseOpcode.Getattr, d, default(FuseGetattrIn));
            Send(FuseOpcode.Statx, d, new FuseStatxIn { SxMask = (uint)(StatxMask.BasicStats | StatxMask.BirthTime) });
            Send(FuseOpcode.Setattr, d, new FuseSetattrIn { Valid = FuseSetattrValid.Mode | FuseSetattrValid.Mtime, Mode = 0x1C0, Mtime = 1 });
            SendData(FuseOpcode.Setxattr, d, new FuseSetxattrIn { Size = 5 }, s_value);
            Send(FuseOpcode.Getxattr, d, new FuseGetxattrIn { Size = 64 }, "user.x"u8);
            Send(FuseOpcode.Listxattr, d, new FuseGetxattrIn { Size = 256 });
            Send(FuseOpcode.Removexattr, d, default(TestKernel.Nothing), "user.x"u8);
        }

        private void ReadDirectory(NodeId d)
        {
            Send(FuseOpcode.Opendir, d, default(FuseOpenIn));
            FileHandle fh = kernel.Read<FuseOpenOut>().Fh;
            Send(FuseOpcode.Readdir, d, new FuseReadIn { Fh = fh, Size = 4096 });
            Send(FuseOpcode.Readdirplus, d, new FuseReadIn { Fh = fh, Size = 4096 });
            ForgetEntries(kernel.Reply);
            Send(FuseOpcode.Releasedir, d, new FuseReleaseIn { Fh = fh });
            Send(FuseOpcode.Unlink, d, default(TestKernel.Nothing), "r"u8);
            Send(FuseOpcode.Unlink, d, default(TestKernel.Nothing), "p"u8);
        }

        private void ForgetEntries(ReadOnlySpan<byte> reply)
        {
            Span<ulong> nodes = stackalloc ulong[8];
            int count = 0;
            for (int at = 0; at < reply.Length;)
            {
                NodeId node = MemoryMarshal.Read<FuseEntryOut>(reply[at..]).NodeId;
                nodes[count++] = node.Value;
                at += (152 + (int)MemoryMarshal.Read<FuseDirent>(reply[(at + 128)..]).NameLen + 7) & ~7;
            }

            foreach (ulong node in nodes[..count])
            {
                if (node != 0)
                {
                    Send(FuseOpcode.Forget, new NodeId(node), new FuseForgetIn { Nlookup = 1 });
                }
            }
        }

        private NodeId Node() => kernel.Read<FuseEntryOut>().NodeId;

        private void Send<T>(FuseOpcode opcode, NodeId node, in T body, ReadOnlySpan<byte> name = default, ReadOnlySpan<byte> name2 = default)
            where T : unmanaged =>
            Count(opcode, kernel.Call(opcode, node, body, name, name2));

        private void SendData<T>(FuseOpcode opcode, NodeId node, in T body, ReadOnlySpan<byte> data)
            where T : unmanaged =>
            Count(opcode, kernel.CallWithData(opcode, node, body, data));

        private void Count(FuseOpcode opcode, Errno errno)
        {
            Requests++;
            _opcodes |= 1UL << (int)opcode;
            if (errno.IsError && _failure.Errno.IsOk)
            {
                _failure = (opcode, errno);
            }
        }
    }
}
