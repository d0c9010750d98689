using System.Runtime.InteropServices;
using Servers.Passthrough;
using ServiceHost.Fuse;
using ServiceHost.Linux;

namespace Passthrough.Tests;

/// <summary>What happens when the kernel knows more inodes than there are descriptors.</summary>
public class RoomTests
{
    private const int Limit = 64;
    private static readonly TimeSpan s_soon = Wait.Patience;

    [Fact]
    public void Above_the_high_water_mark_the_kernel_is_asked_to_prune_what_is_cold() => Run((kernel, budget) =>
    {
        List<NodeId> nodes = Fill(kernel, budget.HighWater + 1);
        HashSet<NodeId> pruned = WaitForPrune(kernel);
        Assert.DoesNotContain(NodeId.Root, pruned);
        Assert.All(pruned, node => Assert.Contains(node, nodes));
    });

    [Fact]
    public void An_open_file_is_not_asked_for() => Run((kernel, budget) =>
    {
        FuseEntryOut open = kernel.Lookup(NodeId.Root, "f0");
        kernel.Open(open.NodeId);
        Fill(kernel, budget.HighWater);
        WaitForPrune(kernel);
        Assert.DoesNotContain(open.NodeId, WaitForPrune(kernel));
    });

    [Fact]
    public void A_lookup_without_room_waits_off_the_worker_and_succeeds_when_a_forget_comes() => Run((kernel, budget) =>
    {
        List<NodeId> nodes = Fill(kernel, budget.LookupLimit - 1);
        kernel.TryLookup(NodeId.Root, "late");
        Assert.True(kernel.WasDeferred);
        ulong waiting = kernel.LastUnique;
        kernel.Getattr(nodes[0]);
        kernel.Forget(nodes[0]);
        Assert.Equal(Errno.None, kernel.WaitFor(waiting, s_soon));
        FuseEntryOut late = kernel.Read<FuseEntryOut>();
        Assert.Equal(4ul, late.Attr.Size);
        Assert.Equal(late.NodeId, kernel.Lookup(NodeId.Root, "late").NodeId);
    });

    [Fact]
    public void Where_nothing_can_be_pruned_that_lookup_gets_ENFILE_and_is_counted_and_nothing_else_breaks() => Run(roomTimeout: TimeSpan.FromMilliseconds(300), body: (kernel, budget) =>
    {
        List<NodeId> nodes = Fill(kernel, budget.LookupLimit - 1);
        kernel.TryLookup(NodeId.Root, "late");
        Assert.Equal(Errno.ENFILE, kernel.WaitFor(kernel.LastUnique, s_soon));
        Assert.Equal(1, kernel.FileSystem.Counters.NoRoom);
        Assert.Single(kernel.Log, static line => line.Contains("LimitNOFILE", StringComparison.Ordinal));
        Assert.Equal(nodes[5], kernel.Lookup(NodeId.Root, "f5").NodeId);
        kernel.Mkdir(NodeId.Root, "creations have a reserve");
    });

    [Fact]
    public void A_creation_without_room_creates_nothing() => Run((kernel, budget) =>
    {
        Fill(kernel, budget.LookupLimit - 1);
        for (int i = budget.LookupLimit; i < budget.CreateLimit; i++)
        {
            kernel.Mkdir(NodeId.Root, $"d{i}");
        }

        Assert.Equal(Errno.ENFILE, kernel.TryCreate(NodeId.Root, "none"));
        Assert.Equal(Errno.ENFILE, kernel.Call(FuseOpcode.Mkdir, NodeId.Root, new FuseMkdirIn { Mode = 0x1ED }, "none"u8));
        Assert.Equal(Errno.ENFILE, kernel.Call(FuseOpcode.Symlink, NodeId.Root, default(TestKernel.Nothing), "none"u8, "t"u8));
        Assert.Equal(Errno.ENOENT, kernel.TryLookup(NodeId.Root, "none"));
    });

    [Fact]
    public void Where_too_many_files_are_open_nothing_is_opened_and_nothing_created() => DedicatedThread.Run(() =>
    {
        using TempTree tree = new();
        using TestKernel kernel = new(tree, new PassthroughOptions { HandleLimit = 2 });
        (FuseEntryOut a, FileHandle fh) = kernel.Create(NodeId.Root, "a");
        kernel.Open(a.NodeId);
        Assert.Equal(Errno.ENFILE, kernel.TryOpen(a.NodeId));
        Assert.Equal(Errno.ENFILE, kernel.TryCreate(NodeId.Root, "b"));
        Assert.False(File.Exists(tree.Of("b")));
        Assert.Equal(2, kernel.FileSystem.Counters.NoHandles);
        kernel.Release(a.NodeId, fh);
        kernel.Open(a.NodeId);
    });

    [Fact]
    public void Readdirplus_gives_entries_without_nodes_when_descriptors_are_scarce() => Run((kernel, budget) =>
    {
        Fill(kernel, budget.HighWater);
        FileHandle fh = kernel.Opendir(NodeId.Root);
        List<(string Name, FuseEntryOut Entry)> entries = kernel.Readdirplus(NodeId.Root, fh, 0, 65536);
        Assert.Equal(Limit + 4, entries.Count);
        Assert.True(kernel.FileSystem.InUse.Inodes <= budget.HighWater + 1);
        Assert.Contains(entries, static entry => entry.Entry.NodeId.IsNone && entry.Name.StartsWith('f'));
    });

    [Fact]
    public void Older_kernels_are_told_to_drop_the_names_of_files_and_directories_only_as_the_last_resort() => Run(
        (kernel, budget) =>
        {
            FuseEntryOut directory = kernel.Lookup(NodeId.Root, "sub");
            FuseEntryOut below = kernel.Lookup(directory.NodeId, "below");
            Fill(kernel, budget.HighWater);
            HashSet<(NodeId Parent, string Name)> names = WaitForInvalidations(kernel, atLeast: 10);
            Assert.Contains((directory.NodeId, "below"), names);
            Assert.DoesNotContain((NodeId.Root, "sub"), names);
            Assert.All(names, name => Assert.True(name.Parent == NodeId.Root ? name.Name.StartsWith('f') : name.Name == "below"));
            Assert.NotEqual(directory.NodeId, below.NodeId);
        },
        minor: 44);

    private static void Run(Action<TestKernel, InodeBudget> body, uint minor = 45, TimeSpan? roomTimeout = null) => DedicatedThread.Run(() =>
    {
        using TempTree tree = new();
        for (int i = 0; i < Limit; i++)
        {
            File.WriteAllText(tree.Of($"f{i}"), "x");
        }

        File.WriteAllText(tree.Of("late"), "late");
        Directory.CreateDirectory(tree.Of("sub"));
        File.WriteAllText(tree.Of("sub/below"), "x");
        PassthroughOptions options = new() { InodeLimit = Limit, RoomTimeout = roomTimeout ?? Wait.Patience };
        using InodeBudget budget = new(Limit);
        using TestKernel kernel = new(tree, options, minor);
        body(kernel, budget);
    });

    /// <summary>Looks up so many files that this many inodes, the root not counted, are alive.</summary>
    private static List<NodeId> Fill(TestKernel kernel, int count)
    {
        List<NodeId> nodes = [];
        for (int i = 0; kernel.FileSystem.InUse.Inodes - 1 < count; i++)
        {
            nodes.Add(kernel.Lookup(NodeId.Root, $"f{i}").NodeId);
        }

        return nodes;
    }

    private static HashSet<NodeId> WaitForPrune(TestKernel kernel)
    {
        int seen = kernel.Notifications(FuseNotifyCode.Prune).Count;
        Assert.True(SpinWait.SpinUntil(() => kernel.Notifications(FuseNotifyCode.Prune).Count > seen, s_soon), "no NOTIFY_PRUNE came");
        return [.. kernel.Notifications(FuseNotifyCode.Prune).SelectMany(static bytes => MemoryMarshal.Cast<byte, NodeId>(bytes.AsSpan(16)).ToArray())];
    }

    private static HashSet<(NodeId Parent, string Name)> WaitForInvalidations(TestKernel kernel, int atLeast)
    {
        Assert.True(
            SpinWait.SpinUntil(() => kernel.Notifications(FuseNotifyCode.InvalEntry).Count >= atLeast, s_soon), "too few NOTIFY_INVAL_ENTRY");
        return [.. kernel.Notifications(FuseNotifyCode.InvalEntry).Select(static bytes => (
            MemoryMarshal.Read<FuseNotifyInvalEntryOut>(bytes).Parent,
            System.Text.Encoding.UTF8.GetString(bytes.AsSpan(16, bytes.Length - 17))))];
    }
}
