using ServiceHost.Fuse;
using ServiceHost.Linux;

namespace Passthrough.Tests;

public class InodeLifeTests
{
    [Fact]
    public void Every_lookup_counts_and_only_the_last_forget_ends_the_node() => DedicatedThread.Run(() =>
    {
        using TempTree tree = new();
        File.WriteAllText(tree.Of("f"), "x");
        using TestKernel kernel = new(tree);
        NodeId node = kernel.Lookup(NodeId.Root, "f").NodeId;
        Assert.Equal(node, kernel.Lookup(NodeId.Root, "f").NodeId);
        Assert.Equal(node, kernel.Lookup(NodeId.Root, "f").NodeId);
        kernel.Forget(node, 2);
        kernel.Getattr(node);
        kernel.Forget(node);
        Assert.Equal(Errno.ESTALE, kernel.TryGetattr(node));
        kernel.Forget(node);
    });

    [Fact]
    public void A_node_id_is_never_used_for_a_second_inode() => DedicatedThread.Run(() =>
    {
        using TempTree tree = new();
        File.WriteAllText(tree.Of("f"), "x");
        using TestKernel kernel = new(tree);
        HashSet<ulong> seen = [];
        for (int i = 0; i < 1000; i++)
        {
            NodeId node = kernel.Lookup(NodeId.Root, "f").NodeId;
            Assert.True(seen.Add(node.Value));
            kernel.Forget(node);
        }

        Assert.Equal(1, kernel.FileSystem.InUse.Inodes);
    });

    [Fact]
    public void Hard_links_are_one_node_and_two_files_are_two() => DedicatedThread.Run(() =>
    {
        using TempTree tree = new();
        File.WriteAllText(tree.Of("a"), "x");
        using TestKernel kernel = new(tree);
        FuseEntryOut a = kernel.Lookup(NodeId.Root, "a");
        Assert.Equal(
            Errno.None, kernel.Call(FuseOpcode.Link, NodeId.Root, new FuseLinkIn { OldNodeId = a.NodeId }, "b"u8));
        FuseEntryOut linked = kernel.Read<FuseEntryOut>();
        Assert.Equal(a.NodeId, linked.NodeId);
        Assert.Equal(2u, linked.Attr.Nlink);
        Assert.Equal(a.NodeId, kernel.Lookup(NodeId.Root, "b").NodeId);
        File.WriteAllText(tree.Of("c"), "x");
        Assert.NotEqual(a.NodeId, kernel.Lookup(NodeId.Root, "c").NodeId);

        // One for "a", one for LINK, one for "b".
        kernel.Forget(a.NodeId, 2);
        kernel.Getattr(a.NodeId);
        kernel.Forget(a.NodeId);
        Assert.Equal(Errno.ESTALE, kernel.TryGetattr(a.NodeId));
    });

    [Fact]
    public void The_inode_number_is_the_sources_and_stays_over_forget() => DedicatedThread.Run(() =>
    {
        using TempTree tree = new();
        File.WriteAllText(tree.Of("f"), "x");
        using TestKernel kernel = new(tree);
        FuseEntryOut first = kernel.Lookup(NodeId.Root, "f");
        kernel.Forget(first.NodeId);
        FuseEntryOut second = kernel.Lookup(NodeId.Root, "f");
        Assert.NotEqual(first.NodeId, second.NodeId);
        Assert.Equal(first.Attr.Ino, second.Attr.Ino);
        using OwnedFd root = tree.OpenRoot();
        Libc.Statx(root, CString.FromTerminated("f\0"u8), AtFlags.None, StatxMask.Ino, out Statx stat);
        Assert.Equal(stat.Ino, second.Attr.Ino);
    });

    [Fact]
    public void An_unlinked_file_stays_reachable_and_a_new_one_of_the_same_name_is_another_node() => DedicatedThread.Run(() =>
    {
        using TempTree tree = new();
        using TestKernel kernel = new(tree);
        (FuseEntryOut old, FileHandle fh) = kernel.Create(NodeId.Root, "f");
        Assert.Equal(Errno.None, kernel.TryWrite(old.NodeId, fh, 0, "old"u8));
        Assert.Equal(Errno.None, kernel.Call(FuseOpcode.Unlink, NodeId.Root, default(TestKernel.Nothing), "f"u8));
        FuseEntryOut fresh = kernel.Create(NodeId.Root, "f").Entry;
        Assert.NotEqual(old.NodeId, fresh.NodeId);
        Assert.NotEqual(old.Attr.Ino, fresh.Attr.Ino);

        Assert.Equal(0u, kernel.Getattr(old.NodeId).Nlink);
        kernel.Setattr(old.NodeId, new FuseSetattrIn { Valid = FuseSetattrValid.Mode, Mode = 0x180 });
        kernel.Setattr(old.NodeId, new FuseSetattrIn { Valid = FuseSetattrValid.Size, Size = 2 });
        FileHandle again = kernel.Open(old.NodeId, OpenFlags.ReadOnly);
        Assert.Equal(Errno.None, kernel.TryRead(old.NodeId, again, 0, 16));
        Assert.Equal("ol"u8.ToArray(), kernel.Reply.ToArray());
        Assert.Equal(0ul, kernel.Getattr(fresh.NodeId).Size);
    });

    [Fact]
    public void A_forget_while_the_file_is_open_closes_nothing_under_it() => DedicatedThread.Run(() =>
    {
        using TempTree tree = new();
        using TestKernel kernel = new(tree);
        (FuseEntryOut entry, FileHandle fh) = kernel.Create(NodeId.Root, "f");
        kernel.Forget(entry.NodeId);
        Assert.Equal(Errno.None, kernel.TryWrite(entry.NodeId, fh, 0, "abc"u8));
        Assert.Equal(Errno.None, kernel.Release(entry.NodeId, fh));
        Assert.Equal((1, 0), kernel.FileSystem.InUse);
    });

    [Fact]
    public void The_root_cannot_be_forgotten() => DedicatedThread.Run(() =>
    {
        using TempTree tree = new();
        using TestKernel kernel = new(tree);
        kernel.Forget(NodeId.Root, ulong.MaxValue);
        kernel.Getattr(NodeId.Root);
    });

    [Fact]
    public void A_stale_node_id_finds_nothing_anywhere() => DedicatedThread.Run(() =>
    {
        using TempTree tree = new();
        using TestKernel kernel = new(tree);
        NodeId gone = kernel.Mkdir(NodeId.Root, "d").NodeId;
        kernel.Forget(gone);
        Assert.Equal(Errno.ESTALE, kernel.TryLookup(gone, "x"));
        Assert.Equal(Errno.ESTALE, kernel.TryCreate(gone, "x"));
        Assert.Equal(Errno.ESTALE, kernel.TryOpen(gone));
        Assert.Equal(Errno.ESTALE, kernel.Call(FuseOpcode.Rmdir, gone, default(TestKernel.Nothing), "x"u8));
        Assert.Equal(Errno.ESTALE, kernel.Call(FuseOpcode.Setattr, gone, default(FuseSetattrIn)));
        Assert.Equal(Errno.ESTALE, kernel.Call(FuseOpcode.Listxattr, gone, default(FuseGetxattrIn)));
        Assert.Equal(Errno.ESTALE, kernel.Call(FuseOpcode.Link, NodeId.Root, new FuseLinkIn { OldNodeId = gone }, "y"u8));
        Assert.False(File.Exists(tree.Of("d/x")));
    });
}
