using System.Text;
using ServiceHost.Fuse.Tests.Memory;
using ServiceHost.Linux;

namespace ServiceHost.Fuse.Tests.Kernel;

/// <summary>Each notification changes what the kernel does next. Timeouts are long, so that without it the cache would answer.</summary>
[Trait("Needs", "root")]
[Collection(KernelMount.Collection)]
public abstract class NotificationTests : IDisposable
{
    private const int Patience = 60_000;
    private readonly MemoryFileSystem _fileSystem = new() { OpenFlags = FopenFlags.KeepCache };
    private readonly KernelMount _mount;
    private readonly MemoryNode _file;
    private readonly bool _rings;

    protected NotificationTests(bool rings)
    {
        _rings = rings;

        // The cache is to be left alone by everything but notifications.
        FuseInitOptions init = new() { Wanted = FuseInitOptions.DefaultFlags & ~FuseInitFlags.AutoInvalData };
        _mount = new KernelMount(_fileSystem, init, rings: rings);
        _file = _fileSystem.AddFile("file", "before"u8.ToArray());
        Assert.Equal("before", File.ReadAllText(_mount["file"]));
    }

    private FuseNotifier Notifier => _fileSystem.Notifier;

    public void Dispose()
    {
        _mount.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public void Inval_inode_drops_data_and_attributes()
    {
        _file.Data = "AFTER!"u8.ToArray();
        Assert.Equal("before", File.ReadAllText(_mount["file"]));
        Assert.Equal(Errno.None, Notifier.InvalInode(_file.Id, 0, 0));
        Assert.Equal("AFTER!", File.ReadAllText(_mount["file"]));
        Assert.Equal(Errno.ENOENT, Notifier.InvalInode(new NodeId(4711), 0, 0));
    }

    [Theory]
    [InlineData((FuseInvalEntryFlags)0)]
    [InlineData(FuseInvalEntryFlags.ExpireOnly)]
    public void Inval_entry_makes_the_kernel_look_the_name_up_again(FuseInvalEntryFlags flags)
    {
        int lookups = Lookups(() => Caller.Stat(_mount["file"]));
        Assert.Equal(0, lookups);
        Assert.Equal(Errno.None, Notifier.InvalEntry(NodeId.Root, Name("file\0"u8), flags));
        Assert.Equal(1, Lookups(() => Caller.Stat(_mount["file"])));
    }

    [Fact]
    public void Delete_takes_the_name_away()
    {
        _fileSystem.Root.Children.Remove("file");
        Caller.Stat(_mount["file"]);
        Assert.Equal(Errno.None, Notifier.Delete(NodeId.Root, _file.Id, Name("file\0"u8)));
        Assert.False(File.Exists(_mount["file"]));
    }

    [Fact]
    public async Task Store_puts_bytes_into_the_cache_and_retrieve_gives_them_back()
    {
        Assert.Equal(Errno.None, Notifier.Store(_file.Id, 0, "stored"u8));
        int reads = _fileSystem.Calls["read"];
        Assert.Equal("stored", File.ReadAllText(_mount["file"]));
        Assert.Equal(reads, _fileSystem.Calls["read"]);

        TaskCompletionSource<string> retrieved = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Assert.Equal(Errno.None, Notifier.Retrieve(
            _file.Id, 0, 6, (node, offset, data) => retrieved.SetResult($"{node}@{offset}:{Encoding.ASCII.GetString(data)}")));
        Assert.Equal($"{_file.Id}@0:stored", await retrieved.Task.WaitAsync(TimeSpan.FromMilliseconds(Patience)));
        Assert.Equal(Errno.ENOENT, Notifier.Retrieve(new NodeId(4711), 0, 6, (_, _, _) => Assert.Fail("nothing was asked for")));
    }

    [Fact]
    public void Inc_epoch_makes_every_name_stale()
    {
        Assert.Equal(Errno.None, Notifier.IncEpoch());
        Assert.Equal(1, Lookups(() => Caller.Stat(_mount["file"])));
    }

    [Fact]
    public void Prune_brings_the_forgets_of_unused_inodes()
    {
        NodeId[] nodes = [.. Enumerable.Range(0, 40).Select(i => _fileSystem.AddFile($"n{i}", []).Id)];
        for (int i = 0; i < nodes.Length; i++)
        {
            Caller.Stat(_mount[$"n{i}"]);
        }

        Assert.Equal(Errno.None, Notifier.Prune(nodes));
        Assert.True(SpinWait.SpinUntil(() => _fileSystem.Calls.GetValueOrDefault("forget") >= nodes.Length, Patience));
        Assert.All(nodes, node => Assert.Equal(0ul, _fileSystem.Root.Children.Values.Single(child => child.Id == node).Nlookup));
    }

    [Fact]
    public async Task Resend_hands_an_unanswered_request_out_again_with_its_mark()
    {
        _fileSystem.OpenFlags = FopenFlags.DirectIo;
        _fileSystem.AddFile("blocks", [1]);
        using OwnedFd fd = _mount.Open("blocks");
        Task<Errno> reading = Caller.InThread(() => Libc.Read(fd, new byte[10], out _), out _);
        Assert.True(await _fileSystem.Blocked.WaitAsync(Patience));
        Assert.Equal(Errno.None, Notifier.Resend());
        if (_rings)
        {
            // The kernel does not resend what is in a ring: the request stays where it is.
            _fileSystem.Unblock();
        }

        Assert.Equal(_rings ? Errno.EINTR : Errno.EUCLEAN, await reading);
        Assert.Equal(_rings ? 0 : 1, _fileSystem.Calls.GetValueOrDefault("resent read"));
        _fileSystem.Unblock();
    }

    private static CString Name(ReadOnlySpan<byte> terminated) => CString.FromTerminated(terminated);

    private int Lookups(Action action)
    {
        int before = _fileSystem.Calls.GetValueOrDefault("lookup");
        action();
        return _fileSystem.Calls.GetValueOrDefault("lookup") - before;
    }
}
