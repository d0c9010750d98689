using System.Runtime.InteropServices;

namespace ServiceHost.Linux;

public static partial class Libc
{
    /// <summary>writev(2) of two parts that belong together, as one message where the descriptor has messages.</summary>
    public static unsafe Errno Writev(Fd fd, ReadOnlySpan<byte> head, ReadOnlySpan<byte> body, out int count)
    {
        nint result;
        fixed (byte* h = head, b = body)
        {
            IoVector* parts = stackalloc IoVector[2];
            parts[0] = new IoVector { Base = h, Length = (nuint)head.Length };
            parts[1] = new IoVector { Base = b, Length = (nuint)body.Length };
            result = writev(fd.Number, parts, body.IsEmpty ? 1 : 2);
        }

        count = result < 0 ? 0 : (int)result;
        return Errno.Of(result);
    }

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial nint writev(int fd, IoVector* parts, int count);
}
