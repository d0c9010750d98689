using System.Runtime.InteropServices;

namespace ServiceHost.Linux;

/// <summary>
/// uid, gid and groups of the whole process. The C library's wrappers change all its threads; the raw calls would change one and
/// leave the finalizer thread with the old rights.
/// </summary>
public static unsafe partial class ProcessIdentity
{
    public static uint EffectiveUid => geteuid();

    public static uint EffectiveGid => getegid();

    /// <summary>setgroups(2) on every thread.</summary>
    public static Errno SetGroups(ReadOnlySpan<uint> groups)
    {
        fixed (uint* p = groups)
        {
            return Errno.Of(setgroups((nuint)groups.Length, p));
        }
    }

    /// <summary>setresgid(2) on every thread.</summary>
    public static Errno SetGid(uint gid) => Errno.Of(setresgid(gid, gid, gid));

    /// <summary>setresuid(2) on every thread; from 0 to another uid it empties permitted, effective and ambient capabilities.</summary>
    public static Errno SetUid(uint uid) => Errno.Of(setresuid(uid, uid, uid));

    [LibraryImport("libc")]
    private static partial uint geteuid();

    [LibraryImport("libc")]
    private static partial uint getegid();

    [LibraryImport("libc", SetLastError = true)]
    private static partial int setgroups(nuint count, uint* groups);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int setresgid(uint real, uint effective, uint saved);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int setresuid(uint real, uint effective, uint saved);
}
