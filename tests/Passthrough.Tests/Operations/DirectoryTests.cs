using System.Text;
using ServiceHost.Fuse;
using ServiceHost.Linux;

namespace Passthrough.Tests;

public class DirectoryTests
{
    [Fact]
    public void Small_replies_give_every_entry_exactly_once() => DedicatedThread.Run(() =>
    {
        using TempTree tree = new();
        HashSet<string> expected = [".", ".."];
        for (int i = 0; i < 500; i++)
        {
            string name = $"file-{i}-{new string('x', i % 90)}";
            File.WriteAllText(tree.Of(name), string.Empty);
            expected.Add(name);
        }

        using TestKernel kernel = new(tree);
        FileHandle fh = kernel.Opendir(NodeId.Root);
        List<string> all = ReadAll(kernel, NodeId.Root, fh, size: 300);
        Assert.Equal(expected.Count, all.Count);
        Assert.Equal(expected, all.ToHashSet());
    });

    [Fact]
    public void An_earlier_offset_continues_there_and_zero_sees_what_is_new() => DedicatedThread.Run(() =>
    {
        using TempTree tree = new();
        for (int i = 0; i < 50; i++)
        {
            File.WriteAllText(tree.Of($"f{i}"), string.Empty);
        }

        using TestKernel kernel = new(tree);
        FileHandle fh = kernel.Opendir(NodeId.Root);
        (List<string> first, ulong next) = kernel.Readdir(NodeId.Root, fh, 0, 200);
        (List<string> second, _) = kernel.Readdir(NodeId.Root, fh, next, 200);
        kernel.Readdir(NodeId.Root, fh, 0, 4096);
        Assert.Equal(second, kernel.Readdir(NodeId.Root, fh, next, 200).Names);
        Assert.Empty(first.Intersect(second));
        File.WriteAllText(tree.Of("new"), string.Empty);
        Assert.Contains("new", ReadAll(kernel, NodeId.Root, fh, 4096));
    });

    [Fact]
    public void Readdirplus_counts_one_lookup_per_entry_that_it_delivers() => DedicatedThread.Run(() =>
    {
        using TempTree tree = new();
        for (int i = 0; i < 20; i++)
        {
            File.WriteAllText(tree.Of($"f{i}"), "x");
        }

        using TestKernel kernel = new(tree);
        FileHandle fh = kernel.Opendir(NodeId.Root);
        List<(string Name, FuseEntryOut Entry)> entries = kernel.Readdirplus(NodeId.Root, fh, 0, 8192);
        Assert.Equal(22, entries.Count);
        Assert.Equal(21, kernel.FileSystem.InUse.Inodes);
        foreach ((string name, FuseEntryOut entry) in entries)
        {
            Assert.Equal(name is "." or "..", entry.NodeId.IsNone);
            if (!entry.NodeId.IsNone)
            {
                Assert.Equal(1ul, entry.Attr.Size);
                kernel.Forget(entry.NodeId);
            }
        }

        Assert.Equal(1, kernel.FileSystem.InUse.Inodes);
        Assert.Equal(Errno.None, kernel.Releasedir(NodeId.Root, fh));
    });

    [Fact]
    public void Names_are_bytes_of_any_kind_up_to_255() => DedicatedThread.Run(() =>
    {
        using TempTree tree = new();
        using TestKernel kernel = new(tree);
        byte[] notUtf8 = [0xFF, 0xFE, (byte)'\n', 0x80];
        byte[] longest = [.. Enumerable.Repeat((byte)'n', 255)];
        byte[] tooLong = [.. Enumerable.Repeat((byte)'n', 256)];
        Assert.Equal(Errno.None, kernel.Call(FuseOpcode.Mkdir, NodeId.Root, new FuseMkdirIn { Mode = 0x1ED }, notUtf8));
        Assert.Equal(Errno.None, kernel.Call(FuseOpcode.Mkdir, NodeId.Root, new FuseMkdirIn { Mode = 0x1ED }, longest));
        Assert.Equal(Errno.ENAMETOOLONG, kernel.Call(FuseOpcode.Mkdir, NodeId.Root, new FuseMkdirIn { Mode = 0x1ED }, tooLong));
        List<string> all = ReadAll(kernel, NodeId.Root, kernel.Opendir(NodeId.Root), 4096);
        Assert.Contains(Encoding.Latin1.GetString(notUtf8), all);
        Assert.Contains(Encoding.Latin1.GetString(longest), all);
        Assert.Equal(Errno.None, kernel.Call(FuseOpcode.Rmdir, NodeId.Root, default(TestKernel.Nothing), notUtf8));
    });

    [Fact]
    public void Reading_goes_on_while_entries_disappear_and_are_forgotten() => DedicatedThread.Run(() =>
    {
        using TempTree tree = new();
        for (int i = 0; i < 300; i++)
        {
            File.WriteAllText(tree.Of($"f{i}"), "x");
        }

        using TestKernel kernel = new(tree);
        FileHandle fh = kernel.Opendir(NodeId.Root);
        int removed = 0;
        ulong offset = 0;
        while (true)
        {
            (List<string> names, ulong next) = kernel.Readdir(NodeId.Root, fh, offset, 512);
            if (names.Count == 0)
            {
                break;
            }

            offset = next;
            foreach (string name in names.Where(static name => name is not ("." or "..")))
            {
                FuseEntryOut entry = kernel.Lookup(NodeId.Root, name);
                Assert.Equal(Errno.None, kernel.Call(FuseOpcode.Unlink, NodeId.Root, default(TestKernel.Nothing), Encoding.UTF8.GetBytes(name)));
                kernel.Forget(entry.NodeId);
                removed++;
            }
        }

        Assert.Equal(300, removed);
        Assert.Empty(Directory.GetFileSystemEntries(tree.Path));
        Assert.Equal((1, 1), kernel.FileSystem.InUse);
    });

    private static List<string> ReadAll(TestKernel kernel, NodeId node, FileHandle fh, int size)
    {
        List<string> all = [];
        ulong offset = 0;
        while (true)
        {
            (List<string> names, ulong next) = kernel.Readdir(node, fh, offset, size);
            if (names.Count == 0)
            {
                return all;
            }

            all.AddRange(names);
            offset = next;
        }
    }
}
