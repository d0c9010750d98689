using System.Runtime.InteropServices;

namespace ServiceHost.Linux;

/// <summary>What the kernel knows about an open file without asking its filesystem, and the clock that ends a process that asked.</summary>
public static partial class Libc
{
    /// <summary>fcntl(F_GETFL): how the description was opened.</summary>
    public static Errno GetOpenFlags(Fd fd, out OpenFlags flags)
    {
        int value = fcntl_int(fd.Number, F_GETFL, 0);
        flags = value < 0 ? 0 : (OpenFlags)value;
        return Errno.Of(value);
    }

    /// <summary>
    /// alarm(2): SIGALRM, which ends a process that does not catch it, after that many seconds; 0 calls it off. It reaches also a
    /// process that waits in the kernel for a filesystem's answer.
    /// </summary>
    public static void Alarm(uint seconds) => _ = alarm(seconds);

    [LibraryImport("libc")]
    private static partial uint alarm(uint seconds);
}
