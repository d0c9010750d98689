using System.Runtime.InteropServices;

namespace ServiceHost.Linux;

/// <summary>
/// Extended attributes. The calls by path are relative to the current directory, because *xattrat(2) is younger than the oldest kernel
/// supported and the calls by descriptor refuse O_PATH: a thread whose directory is /proc/self/fd names a descriptor by its number.
/// An empty buffer asks for the size.
/// </summary>
public static partial class Libc
{
    /// <summary>getxattr(2), following a final link.</summary>
    public static unsafe Errno Getxattr(CString path, CString name, Span<byte> value, out int size)
    {
        nint result;
        fixed (byte* p = path.Terminated, n = name.Terminated, v = value)
        {
            result = getxattr(p, n, v, (nuint)value.Length);
        }

        size = result < 0 ? 0 : (int)result;
        return Errno.Of(result);
    }

    /// <summary>setxattr(2), following a final link.</summary>
    public static unsafe Errno Setxattr(CString path, CString name, ReadOnlySpan<byte> value, XattrFlags flags)
    {
        fixed (byte* p = path.Terminated, n = name.Terminated, v = value)
        {
            return Errno.Of(setxattr(p, n, v, (nuint)value.Length, (int)flags));
        }
    }

    /// <summary>listxattr(2), following a final link: names, each with its NUL.</summary>
    public static unsafe Errno Listxattr(CString path, Span<byte> list, out int size)
    {
        nint result;
        fixed (byte* p = path.Terminated, l = list)
        {
            result = listxattr(p, l, (nuint)list.Length);
        }

        size = result < 0 ? 0 : (int)result;
        return Errno.Of(result);
    }

    /// <summary>removexattr(2), following a final link.</summary>
    public static unsafe Errno Removexattr(CString path, CString name)
    {
        fixed (byte* p = path.Terminated, n = name.Terminated)
        {
            return Errno.Of(removexattr(p, n));
        }
    }

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial nint getxattr(byte* path, byte* name, byte* value, nuint size);

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial int setxattr(byte* path, byte* name, byte* value, nuint size, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial nint listxattr(byte* path, byte* list, nuint size);

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial int removexattr(byte* path, byte* name);
}
