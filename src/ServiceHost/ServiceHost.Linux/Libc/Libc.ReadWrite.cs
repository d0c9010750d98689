using System.Runtime.InteropServices;

namespace ServiceHost.Linux;

/// <summary>
/// The one door to the C library. One method per call: spans, <see cref="CString"/> and <see cref="Fd"/> in, <see cref="Errno"/>
/// out, results through out parameters. Close-on-exec is added by the wrapper, EINTR is retried only where a comment says so.
/// </summary>
public static partial class Libc
{
    internal static Errno CloseNumber(int number) => Errno.Of(close(number));

    /// <summary>read(2). count 0 is end of file.</summary>
    public static unsafe Errno Read(Fd fd, Span<byte> buffer, out int count)
    {
        nint result;
        fixed (byte* p = buffer)
        {
            result = read(fd.Number, p, (nuint)buffer.Length);
        }

        count = result < 0 ? 0 : (int)result;
        return Errno.Of(result);
    }

    /// <summary>write(2): one call, may be short.</summary>
    public static unsafe Errno Write(Fd fd, ReadOnlySpan<byte> buffer, out int count)
    {
        nint result;
        fixed (byte* p = buffer)
        {
            result = write(fd.Number, p, (nuint)buffer.Length);
        }

        count = result < 0 ? 0 : (int)result;
        return Errno.Of(result);
    }

    /// <summary>pread(2).</summary>
    public static unsafe Errno Pread(Fd fd, Span<byte> buffer, long offset, out int count)
    {
        nint result;
        fixed (byte* p = buffer)
        {
            result = pread64(fd.Number, p, (nuint)buffer.Length, offset);
        }

        count = result < 0 ? 0 : (int)result;
        return Errno.Of(result);
    }

    /// <summary>pwrite(2): one call, may be short.</summary>
    public static unsafe Errno Pwrite(Fd fd, ReadOnlySpan<byte> buffer, long offset, out int count)
    {
        nint result;
        fixed (byte* p = buffer)
        {
            result = pwrite64(fd.Number, p, (nuint)buffer.Length, offset);
        }

        count = result < 0 ? 0 : (int)result;
        return Errno.Of(result);
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int close(int fd);

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial nint read(int fd, byte* buffer, nuint count);

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial nint write(int fd, byte* buffer, nuint count);

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial nint pread64(int fd, byte* buffer, nuint count, long offset);

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial nint pwrite64(int fd, byte* buffer, nuint count, long offset);
}
