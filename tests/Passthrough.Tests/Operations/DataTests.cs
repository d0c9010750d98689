using ServiceHost.Fuse;
using ServiceHost.Linux;

namespace Passthrough.Tests;

public class DataTests
{
    [Fact]
    public void What_is_written_is_read_and_a_short_read_is_the_end() => DedicatedThread.Run(() =>
    {
        using TempTree tree = new();
        using TestKernel kernel = new(tree);
        (FuseEntryOut f, FileHandle fh) = kernel.Create(NodeId.Root, "f");
        Assert.Equal(Errno.None, kernel.TryWrite(f.NodeId, fh, 3, "abc"u8));
        Assert.Equal(3u, kernel.Read<FuseWriteOut>().Size);
        Assert.Equal(Errno.None, kernel.TryRead(f.NodeId, fh, 0, 100));
        Assert.Equal("\0\0\0abc"u8.ToArray(), kernel.Reply.ToArray());
        Assert.Equal(Errno.None, kernel.TryRead(f.NodeId, fh, 6, 100));
        Assert.Equal(0, kernel.ReplyLength);
    });

    [Fact]
    public void An_appending_write_goes_to_the_end_that_the_source_has_by_then() => DedicatedThread.Run(() =>
    {
        using TempTree tree = new();
        using TestKernel kernel = new(tree);
        (FuseEntryOut f, FileHandle fh) = kernel.Create(NodeId.Root, "f", flags: OpenFlags.WriteOnly | OpenFlags.Append);
        File.AppendAllText(tree.Of("f"), "native,");
        Assert.Equal(Errno.None, kernel.TryWrite(f.NodeId, fh, 0, "mount"u8, OpenFlags.WriteOnly | OpenFlags.Append));
        Assert.Equal("native,mount", File.ReadAllText(tree.Of("f")));
    });

    [Fact]
    public void A_page_of_the_cache_stays_at_its_offset_whatever_the_handle_was_opened_for() => DedicatedThread.Run(() =>
    {
        using TempTree tree = new();
        using TestKernel kernel = new(tree);
        (FuseEntryOut f, FileHandle fh) = kernel.Create(NodeId.Root, "f", flags: OpenFlags.ReadWrite | OpenFlags.Append);
        File.WriteAllText(tree.Of("f"), "0123456789");
        Assert.Equal(
            Errno.None, kernel.TryWrite(f.NodeId, fh, 2, "XY"u8, OpenFlags.ReadWrite | OpenFlags.Append, FuseWriteFlags.Cache));
        Assert.Equal("01XY456789", File.ReadAllText(tree.Of("f")));
    });

    [Fact]
    public void Truncate_needs_no_handle_and_takes_the_writable_one_that_comes_along() => DedicatedThread.Run(() =>
    {
        using TempTree tree = new();
        using TestKernel kernel = new(tree);
        (FuseEntryOut f, FileHandle fh) = kernel.Create(NodeId.Root, "f");
        FileHandle reader = kernel.Open(f.NodeId);
        FuseSetattrIn size = new() { Valid = FuseSetattrValid.Size, Size = 10 };
        Assert.Equal(10ul, kernel.Setattr(f.NodeId, size).Size);
        size = new() { Valid = FuseSetattrValid.Size | FuseSetattrValid.Fh, Size = 20, Fh = fh };
        Assert.Equal(20ul, kernel.Setattr(f.NodeId, size).Size);
        size = new() { Valid = FuseSetattrValid.Size | FuseSetattrValid.Fh, Size = 30, Fh = reader };
        Assert.Equal(30ul, kernel.Setattr(f.NodeId, size).Size);
    });

    [Fact]
    public void Holes_are_found_and_punched() => DedicatedThread.Run(() =>
    {
        using TempTree tree = new();
        using TestKernel kernel = new(tree);
        (FuseEntryOut f, FileHandle fh) = kernel.Create(NodeId.Root, "f");
        kernel.TryWrite(f.NodeId, fh, 1 << 20, "x"u8);
        FuseLseekIn seek = new() { Fh = fh, Offset = 0, Whence = (uint)SeekWhence.Data };
        Assert.Equal(Errno.None, kernel.Call(FuseOpcode.Lseek, f.NodeId, seek));
        Assert.Equal(1ul << 20, kernel.Read<FuseLseekOut>().Offset);
        FuseFallocateIn punch = new()
        {
            Fh = fh,
            Offset = 1 << 20,
            Length = 4096,
            Mode = (uint)(FallocateMode.PunchHole | FallocateMode.KeepSize),
        };
        Assert.Equal(Errno.None, kernel.Call(FuseOpcode.Fallocate, f.NodeId, punch));
        Assert.Equal(Errno.ENXIO, kernel.Call(FuseOpcode.Lseek, f.NodeId, seek));
        Assert.Equal((1ul << 20) + 1, kernel.Getattr(f.NodeId).Size);
    });

    [Fact]
    public void With_the_writeback_cache_no_hole_is_ever_reported() => DedicatedThread.Run(() =>
    {
        using TempTree tree = new();
        using TestKernel kernel = new(tree, new Servers.Passthrough.PassthroughOptions { Writeback = true });
        (FuseEntryOut f, FileHandle fh) = kernel.Create(NodeId.Root, "f");
        FuseLseekIn seek = new() { Fh = fh, Whence = (uint)SeekWhence.Hole };
        Assert.Equal(Errno.ENOSYS, kernel.Call(FuseOpcode.Lseek, f.NodeId, seek));
    });

    [Fact]
    public void Copy_file_range_copies_between_two_open_files() => DedicatedThread.Run(() =>
    {
        using TempTree tree = new();
        using TestKernel kernel = new(tree);
        (FuseEntryOut a, FileHandle from) = kernel.Create(NodeId.Root, "a");
        (FuseEntryOut b, FileHandle to) = kernel.Create(NodeId.Root, "b");
        kernel.TryWrite(a.NodeId, from, 0, "0123456789"u8);
        FuseCopyFileRangeIn copy = new() { FhIn = from, OffIn = 2, NodeIdOut = b.NodeId, FhOut = to, OffOut = 1, Len = 5 };
        Assert.Equal(Errno.None, kernel.Call(FuseOpcode.CopyFileRange, a.NodeId, copy));
        Assert.Equal(5u, kernel.Read<FuseWriteOut>().Size);
        Assert.Equal("\023456", File.ReadAllText(tree.Of("b")));
        copy.NodeIdOut = a.NodeId;
        Assert.Equal(Errno.EBADF, kernel.Call(FuseOpcode.CopyFileRange, a.NodeId, copy));
    });

    [Fact]
    public void A_fifo_is_never_opened_here() => DedicatedThread.Run(() =>
    {
        using TempTree tree = new();
        using TestKernel kernel = new(tree);
        FuseMknodIn fifo = new() { Mode = (uint)ModeBits.Fifo | 0x1B6 };
        Assert.Equal(Errno.None, kernel.Call(FuseOpcode.Mknod, NodeId.Root, fifo, "p"u8));
        NodeId node = kernel.Read<FuseEntryOut>().NodeId;
        Assert.Equal(Errno.ENXIO, kernel.TryOpen(node, OpenFlags.WriteOnly));
        Assert.Equal(Errno.EINVAL, kernel.Call(FuseOpcode.Setattr, node, new FuseSetattrIn { Valid = FuseSetattrValid.Size }));
    });

    [Fact]
    public void A_create_that_lost_a_race_makes_the_kernel_look_again_instead_of_opening() => DedicatedThread.Run(() =>
    {
        using TempTree tree = new();
        File.WriteAllText(tree.Of("f"), "somebody was faster");
        using TestKernel kernel = new(tree);
        Assert.Equal(Errno.ESTALE, kernel.TryCreate(NodeId.Root, "f"));
        Assert.Equal(Errno.EEXIST, kernel.TryCreate(NodeId.Root, "f", flags: OpenFlags.ReadWrite | OpenFlags.Exclusive));
        Assert.Equal((1, 0), kernel.FileSystem.InUse);
    });
}
