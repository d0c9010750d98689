using System.Runtime.InteropServices;

namespace ServiceHost.Linux;

/// <summary>
/// syscall(2) for what the C library has no wrapper for, wraps for all threads where one is meant, or must not be asked for in a
/// forked child. Two doors: <see cref="Call"/> for ordinary use, and <see cref="ChildCall"/>, which touches no runtime state.
/// </summary>
internal static unsafe partial class SystemCall
{
    /// <summary>The kernel's result; on -1 <see cref="Errno.Last"/> has the reason.</summary>
    internal static long Call(
        int number, nint a = 0, nint b = 0, nint c = 0, nint d = 0, nint e = 0, nint f = 0) =>
        syscall(number, a, b, c, d, e, f);

    /// <summary>
    /// The same without a GC transition and without a thread-static errno: the only call that code after fork may make.
    /// It must not block for long in a process with other managed threads, because a collection would wait for it.
    /// </summary>
    internal static long ChildCall(int number, nint a, nint b, nint c, nint d, nint e, nint f) =>
        syscall_child(number, a, b, c, d, e, f);

    /// <summary>errno of the <see cref="ChildCall"/> that just failed.</summary>
    internal static int ChildErrno => *__errno_location();

    [LibraryImport("libc", SetLastError = true)]
    private static partial long syscall(nint number, nint a, nint b, nint c, nint d, nint e, nint f);

    [LibraryImport("libc", EntryPoint = "syscall")]
    [SuppressGCTransition]
    private static partial long syscall_child(nint number, nint a, nint b, nint c, nint d, nint e, nint f);

    [LibraryImport("libc")]
    [SuppressGCTransition]
    private static partial int* __errno_location();
}
