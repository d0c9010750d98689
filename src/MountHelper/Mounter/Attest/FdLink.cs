using System.Text;
using ServiceHost.Linux;

namespace MountHelper.Attest;

/// <summary>What a link below /proc/PID says: a path, or "socket:[1]" and the like. Empty when it is gone.</summary>
internal static class FdLink
{
    private const int PathMax = 4096;

    public static string Read(int process, string descriptor) => ReadPath($"/proc/{process}/fd/{descriptor}");

    public static string ReadPath(string path)
    {
        byte[] target = new byte[PathMax];
        byte[] name = CString.Allocate(path);
        return Libc.Readlinkat(Fd.Cwd, CString.FromTerminated(name), target, out int length).IsOk
            ? Encoding.Latin1.GetString(target, 0, length)
            : "";
    }
}
