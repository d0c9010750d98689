using System.Runtime.InteropServices;

namespace ServiceHost.Linux;

/// <summary>Asking for rights without using them.</summary>
public static partial class Libc
{
    private const int W_OK = 2;

    /// <summary>
    /// faccessat(2) with W_OK: whether the thread's real ids could open the file for writing now. EACCES, EPERM (immutable), EROFS, ETXTBSY.
    /// </summary>
    public static unsafe Errno FaccessatForWriting(Fd directory, CString path)
    {
        fixed (byte* p = path.Terminated)
        {
            return Errno.Of(faccessat(directory.Number, p, W_OK, 0));
        }
    }

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial int faccessat(int directory, byte* path, int mode, int flags);
}
