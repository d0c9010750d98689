using System.Runtime.InteropServices;

namespace ServiceHost.Linux;

/// <summary>
/// Root, current directory and umask. Threads share them unless they say otherwise: a thread that changes them for a request calls
/// <see cref="UnshareWorkingDirectory"/> first.
/// </summary>
public static partial class Libc
{
    private const int CLONE_FS = 0x200;

    /// <summary>unshare(CLONE_FS): from now on this thread has its own current directory and umask. Needs no privilege.</summary>
    public static Errno UnshareWorkingDirectory() => Errno.Of(unshare_fs(CLONE_FS));

    /// <summary>fchdir(2); an O_PATH descriptor is enough.</summary>
    public static Errno Fchdir(Fd directory) => Errno.Of(fchdir(directory.Number));

    /// <summary>getcwd(2), to show and compare.</summary>
    public static unsafe Errno GetWorkingDirectory(out string path)
    {
        byte* buffer = stackalloc byte[4096];
        long length = SystemCall.Call(SystemCallNumber.Getcwd, (nint)buffer, 4096);
        path = length > 0 ? System.Text.Encoding.UTF8.GetString(buffer, (int)length - 1) : string.Empty;
        return Errno.Of(length);
    }

    /// <summary>umask(2), which cannot fail.</summary>
    public static uint Umask(uint mask) => umask(mask);

    [LibraryImport("libc", EntryPoint = "unshare", SetLastError = true)]
    private static partial int unshare_fs(int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fchdir(int fd);

    [LibraryImport("libc")]
    private static partial uint umask(uint mask);
}
