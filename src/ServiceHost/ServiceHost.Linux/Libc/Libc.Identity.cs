using System.Runtime.InteropServices;

namespace ServiceHost.Linux;

/// <summary>Who this process is; calls that cannot fail, but for the list of groups.</summary>
public static unsafe partial class Libc
{
    private const int MaxGroups = 65536;

    public static uint Getuid() => getuid();

    public static uint Getgid() => getgid();

    /// <summary>getgroups(2).</summary>
    public static Errno Getgroups(out uint[] groups)
    {
        uint[] buffer = new uint[MaxGroups];
        int count;
        fixed (uint* list = buffer)
        {
            count = getgroups(buffer.Length, list);
        }

        Errno errno = Errno.Of(count);
        groups = buffer[..Math.Max(count, 0)];
        return errno;
    }

    [LibraryImport("libc")]
    private static partial uint getuid();

    [LibraryImport("libc")]
    private static partial uint getgid();

    [LibraryImport("libc", SetLastError = true)]
    private static partial int getgroups(int size, uint* list);
}
