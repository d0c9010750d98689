using ServiceHost.Linux;

namespace Servers.Passthrough;

/// <summary>
/// Finds a file of the read-write clone again below the read-only one, because what may not be written must not be registered from where it could
/// be. Nothing leads from an inode to its twin but its path, which may mean something else by the time it is opened: only the same device and
/// inode number count.
/// </summary>
internal sealed class ReadOnlyTwin(OwnedFd root, Reopener reopener)
{
    // Longer paths are served by ordinary I/O.
    private const int MaxPath = 1024;

    /// <summary>ESTALE when the path leads elsewhere: the file was renamed or deleted meanwhile, or something covers it.</summary>
    public Errno Open(Inode inode, OpenFlags flags, out FdCell twin)
    {
        twin = default;
        Span<byte> path = stackalloc byte[MaxPath];
        CString self = Reopener.NameOf(inode.Borrow(), stackalloc byte[Reopener.NameSize]);
        Errno errno = Libc.Readlinkat(reopener.Directory, self, path[..^1], out int length);
        if (errno.IsError)
        {
            return errno;
        }

        // A detached clone is its own root.
        if (length < 2 || length == MaxPath - 1 || path[0] != '/')
        {
            return Errno.ESTALE;
        }

        path[length] = 0;
        errno = Libc.Openat(root, CString.FromTerminated(path[1..(length + 1)]), flags | OpenFlags.NoFollow, 0, out twin);
        return errno.IsOk ? Confirm(inode, ref twin) : errno;
    }

    private static Errno Confirm(Inode inode, ref FdCell twin)
    {
        Errno errno = Libc.Statx(twin.Borrow(), StatxMask.Type | StatxMask.Ino, out Statx stat);
        bool isSame = stat.Ino == inode.Key.Ino && InodeKey.DeviceOf(stat) == inode.Key.Device && stat.IsRegular;
        errno = errno.IsOk && !isSame ? Errno.ESTALE : errno;
        if (errno.IsError)
        {
            twin.Close();
        }

        return errno;
    }
}
