using System.IO.MemoryMappedFiles;
using System.Text;
using ServiceHost.Linux;

namespace PosixSuite;

internal abstract class DataCases : PosixCalls
{
    public static IReadOnlyList<PosixCase> All { get; } =
    [
        new("what was never written reads as zero", Sparse),
        new("truncating down and up leaves zeros", TruncateUpDown),
        new("fallocate reserves, KEEP_SIZE keeps the size", Fallocate),
        new("a punched hole reads as zero, and nothing but it is reported as one", PunchHole),
        new("copy_file_range copies within and between files", CopyFileRange),
        new("a shared mapping and read see each other", Mapping),
        new("large transfers arrive whole", Large),
        new("fsync and fdatasync work on files and directories", Sync),
    ];

    private static void Sparse(PosixDirectory directory)
    {
        using OwnedFd file = directory.CreateFile("f");
        Write(file, 1 << 20, "end"u8);
        Require(Read(file, 0, 4096).AsSpan().IndexOfAnyExcept((byte)0) < 0);
        Require(Stat(file).Blocks < 1024);
        RequireEqual(0, Read(file, (1 << 20) + 3, 10).Length);
    }

    private static void TruncateUpDown(PosixDirectory directory)
    {
        using OwnedFd file = directory.CreateFile("f", new string('x', 5000));
        Expect(Errno.None, Libc.Ftruncate(file, 100));
        Expect(Errno.None, Libc.Ftruncate(file, 5000));
        byte[] data = Read(file, 0, 5000);
        Require(data.AsSpan(0, 100).IndexOfAnyExcept((byte)'x') < 0);
        Require(data.AsSpan(100).IndexOfAnyExcept((byte)0) < 0);
    }

    private static void Fallocate(PosixDirectory directory)
    {
        using OwnedFd file = directory.CreateFile("f", "x");
        Expect(Errno.None, Libc.Fallocate(file, FallocateMode.KeepSize, 0, 1 << 16));
        RequireEqual(1ul, Stat(file).Size);
        Expect(Errno.None, Libc.Fallocate(file, FallocateMode.Allocate, 0, 1 << 16));
        RequireEqual(1ul << 16, Stat(file).Size);
        RequireEqual("x\0", Encoding.UTF8.GetString(Read(file, 0, 2)));
    }

    private static void PunchHole(PosixDirectory directory)
    {
        using OwnedFd file = directory.CreateFile("f", new string('x', 32768));
        Expect(Errno.None, Libc.Fallocate(file, FallocateMode.PunchHole | FallocateMode.KeepSize, 8192, 8192));
        byte[] data = Read(file, 0, 32768);
        Require(data.AsSpan(0, 8192).IndexOfAnyExcept((byte)'x') < 0);
        Require(data.AsSpan(8192, 8192).IndexOfAnyExcept((byte)0) < 0);
        Require(data.AsSpan(16384).IndexOfAnyExcept((byte)'x') < 0);
        Expect(Errno.None, Libc.Lseek(file, 0, SeekWhence.Hole, out long hole));
        if (hole != 32768)
        {
            Expect(Errno.None, Libc.Lseek(file, hole, SeekWhence.Data, out long next));
            RequireEqual((8192L, 16384L), (hole, next));
        }

        Expect(Errno.ENXIO, Libc.Lseek(file, 40000, SeekWhence.Data, out _));
    }

    private static void CopyFileRange(PosixDirectory directory)
    {
        using OwnedFd a = directory.CreateFile("a", "0123456789");
        using OwnedFd b = directory.CreateFile("b", "..........");
        Expect(Errno.None, Libc.CopyFileRange(a, 2, b, 4, 5, out long copied));
        RequireEqual(5L, copied);
        RequireEqual("....23456.", directory.ReadText("b"));
        Expect(Errno.None, Libc.CopyFileRange(a, 0, a, 10, 10, out copied));
        RequireEqual("01234567890123456789", directory.ReadText("a"));
        Expect(Errno.None, Libc.CopyFileRange(a, 100, b, 0, 10, out copied));
        RequireEqual(0L, copied);
    }

    private static void Mapping(PosixDirectory directory)
    {
        directory.MakeFile("f", new string('.', 8192));
        using MemoryMappedFile mapped = MemoryMappedFile.CreateFromFile(directory.Path + "/f", FileMode.Open);
        using MemoryMappedViewAccessor view = mapped.CreateViewAccessor(0, 8192);
        using OwnedFd file = directory.Open("f");
        Write(file, 100, "written"u8);
        byte[] seen = new byte[7];
        view.ReadArray(100, seen, 0, 7);
        RequireEqual("written", Encoding.UTF8.GetString(seen));
        view.WriteArray(5000, "mapped"u8.ToArray(), 0, 6);
        RequireEqual("mapped", Encoding.UTF8.GetString(Read(file, 5000, 6)));
        view.Flush();
        RequireEqual("mapped", directory.ReadText("f").Substring(5000, 6));
    }

    private static void Large(PosixDirectory directory)
    {
        byte[] data = new byte[(5 << 20) + 17];
        new Random(7).NextBytes(data);
        using OwnedFd file = directory.CreateFile("f");
        Write(file, 3, data);
        Require(Read(file, 3, data.Length).AsSpan().SequenceEqual(data));
    }

    private static void Sync(PosixDirectory directory)
    {
        using OwnedFd file = directory.CreateFile("f", "x");
        Expect(Errno.None, Libc.Fsync(file));
        Expect(Errno.None, Libc.Fdatasync(file));
        Expect(Errno.None, Libc.Fsync(directory.Fd));
    }
}
