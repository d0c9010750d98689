using System.Runtime.InteropServices;
using ServiceHost.Fuse.Tests.Kernel;
using ServiceHost.Fuse.Tests.Memory;
using ServiceHost.Linux;

namespace ServiceHost.Fuse.Tests.Fuzz;

[Trait("Needs", "root")]
[Collection(Kernel.KernelMount.Collection)]
public sealed class RecordedTrafficTests
{
    private const int PerOpcode = 4;
    private const int MaxLength = 700;

    /// <summary>FUSERVICE_RECORD=1 keeps what this run saw as the seed of the fuzz tests.</summary>
    [Fact]
    public void Traffic_of_the_kernel_has_the_shape_that_the_table_says()
    {
        MemoryFileSystem fileSystem = new();
        FuseInitOptions options = new()
        {
            Wanted = FuseInitOptions.DefaultFlags | FuseInitFlags.PosixLocks | FuseInitFlags.FlockLocks | FuseInitFlags.SetxattrExt |
                FuseInitFlags.CreateSuppGroup | FuseInitFlags.SecurityCtx | FuseInitFlags.DoReaddirplus | FuseInitFlags.ReaddirplusAuto,
        };
        List<byte[]> requests;
        using (TrafficRecorder recorder = new(fileSystem, options))
        {
            Exercise(recorder.Path, fileSystem);
            requests = recorder.Requests;
        }

        FuseOpcode[] seen = [.. requests.Select(OpcodeOf).Distinct()];
        Assert.InRange(seen.Length, 33, OpcodeInfo.Count);
        Assert.All(requests, request => Assert.Equal(request.Length, MemoryMarshal.Read<int>(request)));
        if (Environment.GetEnvironmentVariable("FUSERVICE_RECORD") == "1")
        {
            Corpus.Save(requests.Where(request => request.Length <= MaxLength).GroupBy(OpcodeOf).SelectMany(group => group.Take(PerOpcode)));
        }
    }

    private static FuseOpcode OpcodeOf(byte[] request) => MemoryMarshal.Read<FuseInHeader>(request).Opcode;

    private static void Exercise(string root, MemoryFileSystem fileSystem)
    {
        string In(string name) => Path.Combine(root, name);
        OwnedFd Open(string name, OpenFlags flags)
        {
            KernelMount.Check(Libc.Openat(Fd.Cwd, Caller.Path(KernelMount.Z(In(name))), flags, 0x1B6, out OwnedFd fd));
            return fd;
        }

        Directory.CreateDirectory(In("dir"));
        Caller.Symlink("target", In("dir/link"));
        _ = new FileInfo(In("dir/link")).LinkTarget;
        Caller.Mknod(In("dir/fifo"), 0x11A4, 0);
        Caller.Link(In("dir/fifo"), In("dir/fifo2"));
        Caller.Rename(In("dir/fifo2"), In("dir/fifo3"), RenameFlags.None);
        Caller.Rename(In("dir/fifo3"), In("dir/fifo"), RenameFlags.Exchange);
        Caller.Unlink(In("dir/fifo3"));
        Caller.Access(In("dir"), 4);
        Caller.Stat(In("dir"), StatxMask.BasicStats | StatxMask.BirthTime);
        using (OwnedFd one = Open("one", OpenFlags.Create | OpenFlags.ReadWrite))
        using (OwnedFd two = Open("two", OpenFlags.Create | OpenFlags.ReadWrite))
        using (OwnedFd unnamed = Open("dir", OpenFlags.TemporaryFile | OpenFlags.ReadWrite))
        {
            Libc.Write(one, "some data"u8, out _);
            Libc.Pread(one, new byte[100], 0, out _);
            Libc.CopyFileRange(one, 0, two, 0, 9, out _);
            Libc.Fallocate(two, FallocateMode.Allocate, 0, 8192);
            Libc.Lseek(two, 0, SeekWhence.Hole, out _);
            Libc.Fsync(two);
            Libc.Ftruncate(two, 5);
            Libc.Ioctl(two, MemoryFileSystem.EchoCommand, new byte[16], out _);
            Libc.SetFileLock(one, new FileRangeLock(LockType.Write, 0, 5));
            FileRangeLock found = new(LockType.Write, 0, 5);
            Libc.GetFileLock(two, ref found);
            Libc.Flock(one, FlockOperation.Exclusive);
            Caller.PollForReading(one, 0);
            Libc.Fstatfs(one, out _);
            fileSystem.Notifier.Store(fileSystem.Root.Children["one"].Id, 0, "stored"u8);
            fileSystem.Notifier.Retrieve(fileSystem.Root.Children["one"].Id, 0, 6, (_, _, _) => { });
        }

        CString xattr = CString.FromTerminated("user.name\0"u8);
        byte[] path = KernelMount.Z(In("one"));
        Libc.Setxattr(Caller.Path(path), xattr, "value"u8, XattrFlags.None);
        Libc.Getxattr(Caller.Path(path), xattr, new byte[100], out _);
        Libc.Listxattr(Caller.Path(path), new byte[100], out _);
        Libc.Removexattr(Caller.Path(path), xattr);
        for (int i = 0; i < 100; i++)
        {
            File.WriteAllText(In($"dir/{i}"), "x");
        }

        _ = Directory.GetFiles(In("dir"));
        using (OwnedFd directory = Open("dir", OpenFlags.Directory))
        {
            Libc.Fsync(directory);
        }

        fileSystem.Notifier.Prune([.. fileSystem.Root.Children["dir"].Children.Values.Select(node => node.Id)]);
        Interrupt(Open("blocks", OpenFlags.Create | OpenFlags.ReadWrite | OpenFlags.Direct));
        Directory.Delete(In("dir"), recursive: true);
    }

    // One worker that is busy reads no INTERRUPT, so the wait for a lock is interrupted, which is deferred.
    private static void Interrupt(OwnedFd fd)
    {
        using OwnedFd first = fd;
        KernelMount.Check(Libc.Openat(Fd.Cwd, Caller.Path(KernelMount.Z($"/proc/self/fd/{fd.Number}")), OpenFlags.ReadWrite, 0, out OwnedFd again));
        using OwnedFd second = again;
        KernelMount.Check(Libc.Flock(first, FlockOperation.Exclusive));
        Task<Errno> waiting = Caller.InThread(() => Libc.Flock(second, FlockOperation.Exclusive), out int thread);
        while (!waiting.Wait(20))
        {
            Caller.Interrupt(thread);
        }
    }
}
