using System.Runtime.InteropServices;

namespace ServiceHost.Linux;

public static unsafe partial class Libc
{
    private const int O_RDWR_ONLY = 2;
    private const int O_PATH_ONLY = 0x20_0000;
    private const int F_GETFD = 1;

    /// <summary>
    /// Makes sure that 0, 1 and 2 are open, on /dev/null where they are not (on "/" with O_PATH where there is no /dev/null), so
    /// that nothing opened later gets one of these numbers and receives what is meant for a terminal.
    /// </summary>
    public static Errno OccupyStandardStreams()
    {
        for (int number = 0; number <= 2; number++)
        {
            if (fcntl_getfd(number, F_GETFD) >= 0)
            {
                continue;
            }

            int opened = OpenInherited("/dev/null\0"u8, O_RDWR_ONLY);
            opened = opened < 0 ? OpenInherited("/\0"u8, O_PATH_ONLY) : opened;
            if (opened != number)
            {
                return opened < 0 ? Errno.Last : Errno.EBADF;
            }
        }

        return Errno.None;
    }

    private static int OpenInherited(ReadOnlySpan<byte> path, int flags)
    {
        fixed (byte* p = path)
        {
            return open_inherited(p, flags);
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true)]
    private static partial int open_inherited(byte* path, int flags);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int fcntl_getfd(int fd, int command);
}
