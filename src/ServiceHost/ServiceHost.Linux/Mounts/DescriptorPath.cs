using System.Globalization;
using System.Text;

namespace ServiceHost.Linux;

/// <summary>The path that /proc/self/fd shows for a descriptor; bytes as Latin-1, comparable with <see cref="MountTableEntry"/>.</summary>
public static class DescriptorPath
{
    private const int PathMax = 4096;

    public static Errno Read(Fd fd, out string path)
    {
        byte[] buffer = new byte[PathMax];
        Errno errno = Libc.Readlinkat(Fd.Cwd, CString.FromTerminated(Link(fd.Number)), buffer, out int length);
        path = Encoding.Latin1.GetString(buffer, 0, length);
        return errno.IsOk && length == PathMax ? Errno.ENAMETOOLONG : errno;
    }

    /// <summary>"/proc/self/fd/N" with its NUL: the path of a pinned object for the calls that only take paths.</summary>
    public static byte[] Link(int number) =>
        CString.Allocate(string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{number}"));
}
