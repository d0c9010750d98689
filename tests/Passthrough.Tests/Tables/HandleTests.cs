using ServiceHost.Fuse;
using ServiceHost.Linux;

namespace Passthrough.Tests;

public class HandleTests
{
    [Fact]
    public void A_released_handle_is_EBADF_also_when_its_slot_is_in_use_again() => DedicatedThread.Run(() =>
    {
        using TempTree tree = new();
        File.WriteAllText(tree.Of("secret"), "secret");
        using TestKernel kernel = new(tree);
        (FuseEntryOut mine, FileHandle old) = kernel.Create(NodeId.Root, "mine");
        Assert.Equal(Errno.None, kernel.Release(mine.NodeId, old));

        FuseEntryOut other = kernel.Lookup(NodeId.Root, "secret");
        FileHandle reused = kernel.Open(other.NodeId);
        Assert.NotEqual(old, reused);
        Assert.Equal((uint)old.Value, (uint)reused.Value);
        Assert.Equal(Errno.EBADF, kernel.TryRead(other.NodeId, old, 0, 16));
        Assert.Equal(Errno.EBADF, kernel.TryRead(mine.NodeId, old, 0, 16));
        Assert.Equal(Errno.EBADF, kernel.Release(mine.NodeId, old));
        Assert.Equal(Errno.None, kernel.TryRead(other.NodeId, reused, 0, 16));
    });

    [Fact]
    public void A_handle_is_only_good_for_the_node_it_was_opened_on() => DedicatedThread.Run(() =>
    {
        using TempTree tree = new();
        using TestKernel kernel = new(tree);
        (FuseEntryOut a, FileHandle fh) = kernel.Create(NodeId.Root, "a");
        FuseEntryOut b = kernel.Create(NodeId.Root, "b").Entry;
        Assert.Equal(Errno.EBADF, kernel.TryRead(b.NodeId, fh, 0, 16));
        Assert.Equal(Errno.EBADF, kernel.TryWrite(b.NodeId, fh, 0, "x"u8));
        Assert.Equal(Errno.None, kernel.TryWrite(a.NodeId, fh, 0, "x"u8));
    });

    [Theory]
    [InlineData(0UL)]
    [InlineData(77UL)]
    [InlineData(ulong.MaxValue)]
    public void A_made_up_handle_is_EBADF(ulong value) => DedicatedThread.Run(() =>
    {
        using TempTree tree = new();
        using TestKernel kernel = new(tree);
        FuseEntryOut a = kernel.Create(NodeId.Root, "a").Entry;
        Assert.Equal(Errno.EBADF, kernel.TryRead(a.NodeId, new FileHandle(value), 0, 16));
    });

    [Fact]
    public void Opening_and_closing_leaves_no_descriptor_behind() => DedicatedThread.Run(() =>
    {
        using TempTree tree = new();
        using TestKernel kernel = new(tree);
        (int inodes, int handles) before = kernel.FileSystem.InUse;
        for (int i = 0; i < 100; i++)
        {
            (FuseEntryOut entry, FileHandle fh) = kernel.Create(NodeId.Root, "f");
            kernel.Release(entry.NodeId, fh);
            Assert.Equal(Errno.EEXIST, kernel.TryCreate(NodeId.Root, "f", flags: OpenFlags.ReadWrite | OpenFlags.Exclusive));
            Assert.Equal(Errno.ENOTDIR, kernel.Call(FuseOpcode.Opendir, entry.NodeId, default(FuseOpenIn)));
            Assert.Equal(Errno.None, kernel.Call(FuseOpcode.Unlink, NodeId.Root, default(TestKernel.Nothing), "f"u8));
            kernel.Forget(entry.NodeId);
        }

        Assert.Equal(before, kernel.FileSystem.InUse);
    });
}
