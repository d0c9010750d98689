using System.Runtime.InteropServices;

namespace ServiceHost.Linux;

public static partial class Libc
{
    /// <summary>getdents64(2): whole records for a <see cref="DirentReader"/>; count 0 is the end of the directory.</summary>
    public static unsafe Errno Getdents64(Fd fd, Span<byte> buffer, out int count)
    {
        nint result;
        fixed (byte* p = buffer)
        {
            result = getdents64(fd.Number, p, (nuint)buffer.Length);
        }

        count = result < 0 ? 0 : (int)result;
        return Errno.Of(result);
    }

    /// <summary>lseek(2). With Data and Hole, ENXIO means that there is none after the offset.</summary>
    public static Errno Lseek(Fd fd, long offset, SeekWhence whence, out long position)
    {
        position = lseek64(fd.Number, offset, (int)whence);
        return Errno.Of(position);
    }

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial nint getdents64(int fd, byte* buffer, nuint size);

    [LibraryImport("libc", SetLastError = true)]
    private static partial long lseek64(int fd, long offset, int whence);
}
