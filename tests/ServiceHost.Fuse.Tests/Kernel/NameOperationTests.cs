using System.Text;
using ServiceHost.Fuse.Tests.Memory;
using ServiceHost.Linux;
using Tests.Shared;

namespace ServiceHost.Fuse.Tests.Kernel;

[Trait("Needs", "root")]
[Collection(KernelMount.Collection)]
public abstract class NameOperationTests : IDisposable
{
    private readonly MemoryFileSystem _fileSystem = new();
    private readonly KernelMount _mount;
    private readonly bool _rings;

    protected NameOperationTests(bool rings) => (_rings, _mount) = (rings, new KernelMount(_fileSystem, rings: rings));

    public void Dispose()
    {
        _mount.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public void Directories_links_and_nodes_are_made_and_removed()
    {
        Directory.CreateDirectory(_mount["dir"]);
        Assert.Equal(Errno.None, Caller.Symlink("../target", _mount["dir/symlink"]));
        Assert.Equal(Errno.None, Caller.Mknod(_mount["dir/fifo"], 0x1000 | 0x1A4, 0));
        Assert.Equal(Errno.None, Caller.Mknod(_mount["dir/device"], 0x2000 | 0x1A4, 0x103));
        Assert.Equal(Errno.None, Caller.Link(_mount["dir/fifo"], _mount["dir/second"]));

        Assert.Equal("../target", new FileInfo(_mount["dir/symlink"]).LinkTarget);
        Assert.Equal(2u, Caller.Stat(_mount["dir/second"]).Nlink);
        Assert.Equal((1u, 3u), (Caller.Stat(_mount["dir/device"]).RdevMajor, Caller.Stat(_mount["dir/device"]).RdevMinor));
        Assert.Equal(ModeBits.SymbolicLink, Caller.Stat(_mount["dir/symlink"]).FileType);

        foreach (string name in new[] { "symlink", "fifo", "device", "second" })
        {
            Assert.Equal(Errno.None, Caller.Unlink(_mount["dir/" + name]));
        }

        Directory.Delete(_mount["dir"]);
        Assert.Empty(_fileSystem.Root.Children);
        Assert.Equal(4, _fileSystem.Calls["unlink"]);
        Assert.Equal(1, _fileSystem.Calls["rmdir"]);
    }

    [Fact]
    public void Renames_with_and_without_flags_reach_the_filesystem()
    {
        _fileSystem.AddFile("a", [1]);
        _fileSystem.AddFile("b", [2, 2]);
        Assert.Equal(Errno.EEXIST, Caller.Rename(_mount["a"], _mount["b"], RenameFlags.NoReplace));
        Assert.Equal(Errno.None, Caller.Rename(_mount["a"], _mount["b"], RenameFlags.Exchange));
        Assert.Equal([2, 2], File.ReadAllBytes(_mount["a"]));
        Assert.Equal(Errno.None, Caller.Rename(_mount["a"], _mount["b"], RenameFlags.None));
        Assert.Equal([2, 2], File.ReadAllBytes(_mount["b"]));
        Assert.Equal(1, _fileSystem.Calls["rename"]);
        Assert.InRange(_fileSystem.Calls["rename2"], 1, 2); // the kernel sees some collisions itself
        Assert.Single(_fileSystem.Root.Children);
    }

    [Fact]
    public void Names_are_bytes_of_any_value_and_up_to_255_of_them()
    {
        byte[] notUtf8 = [.. Encoding.UTF8.GetBytes(_mount.Path), (byte)'/', 0xFF, 0x01, (byte)'\\', 0xC3, 0];
        Assert.Equal(Errno.None, Libc.Mkdirat(Fd.Cwd, Caller.Path(notUtf8), 0x1ED));
        Directory.CreateDirectory(_mount[new string('n', 255)]);
        Assert.Equal(["\u00ff\u0001\\\u00c3", new string('n', 255)], _fileSystem.Root.Children.Keys.OrderBy(name => name.Length));
        Assert.Equal(Errno.None, Libc.Unlinkat(Fd.Cwd, Caller.Path(notUtf8), AtFlags.RemoveDirectory));
    }

    [Fact]
    public void A_file_without_a_name_is_made_by_O_TMPFILE_and_can_get_one()
    {
        using (OwnedFd fd = _mount.Open("", OpenFlags.TemporaryFile | OpenFlags.ReadWrite))
        {
            Assert.Equal(Errno.None, Libc.Write(fd, "data"u8, out _));
            Assert.Equal(1, _fileSystem.Calls["tmpfile"]);
            Assert.Equal(Errno.None, Libc.Linkat(
                Fd.Cwd, Caller.Path(CString.Allocate($"/proc/self/fd/{fd.Number}")), Fd.Cwd, Caller.Path(CString.Allocate(_mount["named"])), AtFlags.SymlinkFollow));
        }

        Assert.Equal("data", File.ReadAllText(_mount["named"]));
    }

    [Theory]
    [InlineData(false, "readdir")]
    [InlineData(true, "readdirplus")]
    public void A_directory_of_3000_entries_lists_completely(bool plus, string operation)
    {
        MemoryFileSystem fileSystem = new();
        FuseInitOptions init = new() { Wanted = FuseInitOptions.DefaultFlags | (plus ? FuseInitFlags.DoReaddirplus : 0) };
        using KernelMount mount = new(fileSystem, init, rings: _rings);
        string[] names = [.. Enumerable.Range(0, 3000).Select(i => $"file-{i:d4}")];
        foreach (string name in names)
        {
            fileSystem.AddFile(name, []);
        }

        Assert.Equal(names, Directory.EnumerateFileSystemEntries(mount.Path).Select(Path.GetFileName).Order());
        Assert.InRange(fileSystem.Calls[operation], 2, 3000);

        // The kernel sends RELEASEDIR without waiting for it.
        Wait.For("every directory to be closed", () => fileSystem.Calls["opendir"] == fileSystem.Calls.GetValueOrDefault("releasedir"));

        // With attributes in the listing nothing has to be looked up.
        Assert.Equal(ModeBits.Regular, Caller.Stat(mount["file-0000"]).FileType);
        Assert.Equal(plus ? 0 : 1, fileSystem.Calls.GetValueOrDefault("lookup"));
    }

    [Fact]
    public void The_default_readdirplus_lists_what_readdir_lists()
    {
        FuseInitOptions init = new() { Wanted = FuseInitOptions.DefaultFlags | FuseInitFlags.DoReaddirplus };
        using KernelMount mount = new(new PlainDirectory(), init, rings: _rings);
        Assert.Equal(["one", "three", "two"], Directory.EnumerateFileSystemEntries(mount.Path).Select(Path.GetFileName).Order());
    }

    private sealed class PlainDirectory : FuseFileSystem
    {
        public override Errno Getattr(in RequestContext ctx, NodeId node, FileHandle? fh, out FuseAttrOut attr)
        {
            attr = new FuseAttrOut { Attr = new FuseAttr { Mode = 0x41FF, Nlink = 2, Ino = 1 } };
            return Errno.None;
        }

        public override Errno Readdir(in RequestContext ctx, NodeId node, in FuseReadIn request, ref DirEntryWriter entries)
        {
            string[] names = ["one", "two", "three"];
            for (int i = (int)request.Offset; i < names.Length; i++)
            {
                entries.TryAdd(Encoding.ASCII.GetBytes(names[i]), (ulong)i + 2, (ulong)i + 1, type: 8);
            }

            return Errno.None;
        }
    }
}
