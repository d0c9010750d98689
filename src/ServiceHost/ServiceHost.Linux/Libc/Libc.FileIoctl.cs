using System.Runtime.InteropServices;

namespace ServiceHost.Linux;

public static partial class Libc
{
    /// <summary>
    /// ioctl(2) with one in-and-out structure. The request number tells the kernel how many bytes it may touch, so the span must be at
    /// least as long as the number says (bits 16-29), which is checked here.
    /// </summary>
    public static unsafe Errno Ioctl(Fd fd, uint request, Span<byte> argument, out int result)
    {
        int encodedSize = (int)((request >> 16) & 0x3FFF);
        ArgumentOutOfRangeException.ThrowIfLessThan(argument.Length, encodedSize, nameof(argument));
        fixed (byte* p = argument)
        {
            result = ioctl_pointer(fd.Number, request, p);
        }

        return Errno.Of(result);
    }

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static unsafe partial int ioctl_pointer(int fd, nuint request, byte* argument);
}
