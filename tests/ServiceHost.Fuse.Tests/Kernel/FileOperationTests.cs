using System.Security.Cryptography;
using ServiceHost.Fuse.Tests.Memory;
using ServiceHost.Linux;

namespace ServiceHost.Fuse.Tests.Kernel;

[Trait("Needs", "root")]
[Collection(KernelMount.Collection)]
public abstract class FileOperationTests : IDisposable
{
    private readonly MemoryFileSystem _fileSystem = new();
    private readonly KernelMount _mount;
    private readonly bool _rings;

    protected FileOperationTests(bool rings) => (_rings, _mount) = (rings, new KernelMount(_fileSystem, rings: rings));

    public void Dispose()
    {
        _mount.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public void Three_megabytes_go_in_and_come_out()
    {
        byte[] data = RandomNumberGenerator.GetBytes(3 << 20);
        File.WriteAllBytes(_mount["data"], data);
        Assert.Equal(data, File.ReadAllBytes(_mount["data"]));
        Assert.Equal(data, _fileSystem.Root.Children["data"].Data);
    }

    [Fact]
    public void Direct_transfers_of_a_megabyte_are_one_request_each()
    {
        _fileSystem.OpenFlags = FopenFlags.DirectIo;
        byte[] data = RandomNumberGenerator.GetBytes(1 << 20);
        using OwnedFd fd = _mount.Open("data", OpenFlags.Create | OpenFlags.ReadWrite);
        Assert.Equal(Errno.None, Libc.Pwrite(fd, data, 0, out int written));
        byte[] back = new byte[data.Length];
        Assert.Equal(Errno.None, Libc.Pread(fd, back, 0, out int read));
        Assert.Equal((data.Length, data.Length), (written, read));
        Assert.Equal(data, back);

        // An unaligned buffer touches one page more than fits the request.
        Assert.InRange(_fileSystem.Calls["write"], 1, 2);
        Assert.InRange(_fileSystem.Calls["read"], 1, 2);
    }

    [Fact]
    public void Attributes_change_as_asked()
    {
        _fileSystem.AddFile("file", new byte[100]);
        using OwnedFd fd = _mount.Open("file");
        Assert.Equal(Errno.None, Libc.Fchmod(fd, 0x180));
        Assert.Equal(Errno.None, Libc.Ftruncate(fd, 10));
        File.SetLastWriteTimeUtc(_mount["file"], DateTime.UnixEpoch.AddSeconds(1234));
        Assert.Equal(Errno.None, Libc.Fchownat(Fd.Cwd, Caller.Path(KernelMount.Z(_mount["file"])), 11, 22, AtFlags.None));

        Statx stat = Caller.Stat(_mount["file"]);
        Assert.Equal((ModeBits.Regular | (ModeBits)0x180, 10ul, 11u, 22u), (stat.Mode, stat.Size, stat.Uid, stat.Gid));
        Assert.Equal(1234ul, _fileSystem.Root.Children["file"].Mtime);
    }

    [Fact]
    public void Birth_time_comes_by_statx()
    {
        _fileSystem.AddFile("file", [1]);
        Statx stat = Caller.Stat(_mount["file"], StatxMask.BasicStats | StatxMask.BirthTime);
        Assert.Equal((long)MemoryFileSystem.BirthTime, stat.BirthTime.Seconds);
        Assert.Equal(1, _fileSystem.Calls["statx"]);
    }

    [Fact]
    public void Statfs_is_what_the_filesystem_says()
    {
        using OwnedFd fd = _mount.Open("", OpenFlags.Directory);
        Assert.Equal(Errno.None, Libc.Fstatfs(fd, out StatfsBuffer statfs));
        Assert.Equal((1000ul, 400ul, 300ul), ((ulong)statfs.Blocks, (ulong)statfs.BlocksFree, (ulong)statfs.BlocksAvailable));
    }

    [Fact]
    public void Extended_attributes_are_set_listed_read_and_removed()
    {
        _fileSystem.AddFile("file", []);
        byte[] path = KernelMount.Z(_mount["file"]);
        byte[] large = RandomNumberGenerator.GetBytes(60000);
        CString name = CString.FromTerminated("user.name\0"u8);
        Assert.Equal(Errno.None, Libc.Setxattr(Caller.Path(path), name, large, XattrFlags.None));
        byte[] value = new byte[65536];
        Assert.Equal(Errno.None, Libc.Getxattr(Caller.Path(path), name, [], out int size));
        Assert.Equal(Errno.None, Libc.Getxattr(Caller.Path(path), name, value, out int length));
        Assert.Equal((large.Length, large.Length), (size, length));
        Assert.Equal(large, value[..length]);
        Assert.Equal(Errno.ERANGE, Libc.Getxattr(Caller.Path(path), name, value.AsSpan(0, 100), out _));
        Assert.Equal(Errno.None, Libc.Listxattr(Caller.Path(path), value, out length));
        Assert.Equal("user.name\0"u8, value.AsSpan(0, length));
        Assert.Equal(Errno.None, Libc.Removexattr(Caller.Path(path), name));
        Assert.Equal(Errno.ENODATA, Libc.Getxattr(Caller.Path(path), name, value, out _));
    }

    [Fact]
    public void Space_holes_and_copies_reach_the_filesystem()
    {
        byte[] data = RandomNumberGenerator.GetBytes(8192);
        _fileSystem.AddFile("source", data);
        _fileSystem.AddFile("target", []);
        using OwnedFd source = _mount.Open("source");
        using OwnedFd target = _mount.Open("target");
        Assert.Equal(Errno.None, Libc.CopyFileRange(source, 100, target, 0, 5000, out long copied));
        Assert.Equal((5000L, 1), (copied, _fileSystem.Calls["copy_file_range"]));
        Assert.Equal(data[100..5100], _fileSystem.Root.Children["target"].Data);

        Assert.Equal(Errno.None, Libc.Lseek(source, 0, SeekWhence.Hole, out long hole));
        Assert.Equal(4096, hole);
        Assert.Equal(Errno.ENXIO, Libc.Lseek(source, 5000, SeekWhence.Data, out _));

        Assert.Equal(Errno.None, Libc.Fallocate(source, FallocateMode.KeepSize | FallocateMode.PunchHole, 0, 4096));
        Assert.Equal(new byte[4096], File.ReadAllBytes(_mount["source"])[..4096]);
        Assert.Equal(Errno.None, Libc.Fallocate(source, FallocateMode.Allocate, 0, 20000));
        Assert.Equal(20000ul, Caller.Stat(_mount["source"]).Size);
    }

    [Fact]
    public void Flush_fsync_and_release_come_when_they_should()
    {
        _fileSystem.AddFile("file", [1]);
        using (OwnedFd fd = _mount.Open("file"))
        {
            Assert.Equal(Errno.None, Libc.Write(fd, "x"u8, out _));
            Assert.Equal(Errno.None, Libc.Fsync(fd));
            Assert.Equal(Errno.None, Libc.Fdatasync(fd));
        }

        using (OwnedFd directory = _mount.Open("", OpenFlags.Directory))
        {
            Assert.Equal(Errno.None, Libc.Fsync(directory));
        }

        Assert.Equal((1, 1, 1), (_fileSystem.Calls["fsync"], _fileSystem.Calls["fdatasync"], _fileSystem.Calls["fsyncdir"]));
        Assert.Equal(1, _fileSystem.Calls["flush"]);
        Wait.For("the release", () => _fileSystem.Calls.GetValueOrDefault("release") == 1);
    }

    [Fact]
    public void An_ioctl_takes_bytes_gives_bytes_and_returns_a_number()
    {
        _fileSystem.AddFile("file", []);
        using OwnedFd fd = _mount.Open("file");
        byte[] argument = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16];
        Assert.Equal(Errno.None, Libc.Ioctl(fd, MemoryFileSystem.EchoCommand, argument, out int result));
        Assert.Equal(42, result);
        Assert.Equal([16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1], argument);
        Assert.Equal(Errno.ENOTTY, Libc.Ioctl(fd, 0xC010_6602, argument, out _));
    }

    [Fact]
    public async Task Poll_waits_for_the_filesystem_to_wake_it()
    {
        _fileSystem.AddFile("file", []);
        using OwnedFd fd = _mount.Open("file");
        Assert.Equal(0, Caller.PollForReading(fd, 20));
        Task<short> waiting = Task.Factory.StartNew(() => Caller.PollForReading(fd, 60_000), TaskCreationOptions.LongRunning);
        _fileSystem.BecomeReady();
        Assert.Equal(1, await waiting);
    }

    [Fact]
    public void Access_is_asked_of_the_filesystem_when_the_kernel_does_not_check()
    {
        MemoryFileSystem fileSystem = new();
        using KernelMount mount = new(fileSystem, defaultPermissions: false, rings: _rings);
        fileSystem.AddFile("file", []);
        Assert.Equal(0, Caller.Access(mount["file"], 4));
        Assert.Equal(1, fileSystem.Calls["access"]);
    }
}
