using System.Runtime.InteropServices;

namespace ServiceHost.Linux;

public static unsafe partial class Libc
{
    /// <summary>
    /// execve(2) in place of this process: returns only when it failed. Arguments and environment are bytes without a NUL, which
    /// is added here.
    /// </summary>
    public static Errno Execve(CString path, IReadOnlyList<byte[]> arguments, IReadOnlyList<byte[]> environment)
    {
        using NativeStringVector argv = new(arguments);
        using NativeStringVector envp = new(environment);
        fixed (byte* p = path.Terminated)
        {
            return Errno.Of(execve(p, argv.Pointer, envp.Pointer));
        }
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int execve(byte* path, byte** arguments, byte** environment);
}
