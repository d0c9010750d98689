using System.Globalization;

namespace ServiceHost.Linux;

/// <summary>
/// The parent's side of a user namespace. The namespace belongs to the uid that unshared it, and only that uid (or root) may join; a .NET
/// process cannot unshare or join itself (EINVAL with more than one thread), a forked child can: see <see cref="ChildProgram"/>.
/// </summary>
public static partial class Libc
{
    /// <summary>
    /// Writes /proc/PID/<paramref name="map"/> in one write, as the kernel demands. <paramref name="pid"/> must be a child not yet reaped,
    /// so that the number cannot be somebody else's.
    /// </summary>
    public static Errno WriteIdMap(int pid, string map, ReadOnlySpan<byte> lines)
    {
        Errno errno = Openat(Fd.Cwd, ProcPath(pid, map), OpenFlags.WriteOnly, 0, out OwnedFd file);
        if (errno.IsError)
        {
            return errno;
        }

        using (file)
        {
            errno = Write(file, lines, out int count);
            return errno.IsOk && count != lines.Length ? Errno.EIO : errno;
        }
    }

    /// <summary>A descriptor of a child's user namespace; it keeps the namespace alive when the child is gone.</summary>
    public static Errno OpenUserNamespace(int pid, out OwnedFd descriptor) =>
        Openat(Fd.Cwd, ProcPath(pid, "ns/user"), OpenFlags.ReadOnly, 0, out descriptor);

    /// <summary>A descriptor of the caller's own mount namespace; its inode number names the namespace.</summary>
    public static Errno OpenOwnMountNamespace(out OwnedFd descriptor) =>
        Openat(Fd.Cwd, CString.FromTerminated("/proc/self/ns/mnt\0"u8), OpenFlags.ReadOnly, 0, out descriptor);

    private static CString ProcPath(int pid, string file) =>
        CString.FromTerminated(CString.Allocate(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/{file}")));
}
