using System.Text;
using ServiceHost.Linux;

namespace MountHelper.Mounting;

/// <summary>The root of what is mounted on a pinned directory, which the pinned descriptor itself lies under and cannot reach.</summary>
internal static class MountedRoot
{
    /// <summary>
    /// Goes by the path of the descriptor and takes the result only when it is the root of a mount whose parent is the pinned
    /// mount: a path that was changed meanwhile leads elsewhere and is ENOENT.
    /// </summary>
    internal static Errno Pin(OwnedFd mountpoint, out OwnedFd? root)
    {
        root = null;
        Errno errno = DescriptorPath.Read(mountpoint, out string path);
        if (errno.IsError || !CString.TryCreate([.. Encoding.Latin1.GetBytes(path), 0], out CString name))
        {
            return errno.IsError ? errno : Errno.EINVAL;
        }

        // O_PATH pins the root of a mount without a word to its server.
        errno = Libc.Openat(Fd.Cwd, name, OpenFlags.Path | OpenFlags.NoFollow, 0, out root);
        if (errno.IsError)
        {
            return errno;
        }

        errno = MountTable.Read(out MountTable table);
        ulong parent = MountIdentity.ReusableId(mountpoint);
        MountTableEntry? entry = table.Find(MountIdentity.ReusableId(root));
        if (errno.IsOk && entry?.ParentId == parent && entry.Mountpoint == path)
        {
            return Errno.None;
        }

        root.Dispose();
        root = null;
        return errno.IsError ? errno : Errno.ENOENT;
    }
}
