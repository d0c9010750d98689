using System.Runtime.InteropServices;

namespace ServiceHost.Linux;

/// <summary>Space and data: allocation, copies inside the kernel, durability.</summary>
public static partial class Libc
{
    /// <summary>fallocate(2).</summary>
    public static Errno Fallocate(Fd fd, FallocateMode mode, long offset, long length) =>
        Errno.Of(fallocate64(fd.Number, (int)mode, offset, length));

    /// <summary>copy_file_range(2) at explicit offsets: one call, may be short.</summary>
    public static unsafe Errno CopyFileRange(Fd source, long sourceOffset, Fd target, long targetOffset, long length, out long copied)
    {
        nint result = copy_file_range(source.Number, &sourceOffset, target.Number, &targetOffset, (nuint)length, 0);
        copied = result < 0 ? 0 : result;
        return Errno.Of(result);
    }

    /// <summary>pwritev2(2) with one buffer: a positioned write with per-call flags; may be short.</summary>
    public static unsafe Errno Pwrite(Fd fd, ReadOnlySpan<byte> buffer, long offset, PwriteFlags flags, out int count)
    {
        nint result;
        fixed (byte* p = buffer)
        {
            IoVector vector = new() { Base = p, Length = (nuint)buffer.Length };
            result = pwritev64v2(fd.Number, &vector, 1, offset, (int)flags);
        }

        count = result < 0 ? 0 : (int)result;
        return Errno.Of(result);
    }

    /// <summary>fsync(2).</summary>
    public static Errno Fsync(Fd fd) => Errno.Of(fsync(fd.Number));

    /// <summary>fdatasync(2).</summary>
    public static Errno Fdatasync(Fd fd) => Errno.Of(fdatasync(fd.Number));

    /// <summary>syncfs(2); not for O_PATH.</summary>
    public static Errno Syncfs(Fd fd) => Errno.Of(syncfs(fd.Number));

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fallocate64(int fd, int mode, long offset, long length);

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial nint copy_file_range(
        int source, long* sourceOffset, int target, long* targetOffset, nuint length, uint flags);

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial nint pwritev64v2(int fd, IoVector* vectors, int count, long offset, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fsync(int fd);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fdatasync(int fd);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int syncfs(int fd);
}
