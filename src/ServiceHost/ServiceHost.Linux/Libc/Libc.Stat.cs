using System.Runtime.InteropServices;

namespace ServiceHost.Linux;

public static partial class Libc
{
    /// <summary>statx(2).</summary>
    public static unsafe Errno Statx(Fd directory, CString path, AtFlags flags, StatxMask mask, out Statx result)
    {
        fixed (byte* p = path.Terminated)
        fixed (Statx* r = &result)
        {
            *r = default;
            return Errno.Of(statx(directory.Number, p, (int)flags, (uint)mask, r));
        }
    }

    /// <summary>statx(2) of the descriptor itself, which may be O_PATH.</summary>
    public static Errno Statx(Fd fd, StatxMask mask, out Statx result) =>
        Statx(fd, default, AtFlags.EmptyPath, mask, out result);

    /// <summary>fstatfs(2); an O_PATH descriptor is enough.</summary>
    public static unsafe Errno Fstatfs(Fd fd, out StatfsBuffer result)
    {
        fixed (StatfsBuffer* r = &result)
        {
            *r = default;
            return Errno.Of(fstatfs(fd.Number, r));
        }
    }

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial int statx(int directory, byte* path, int flags, uint mask, Statx* result);

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial int fstatfs(int fd, StatfsBuffer* result);
}
