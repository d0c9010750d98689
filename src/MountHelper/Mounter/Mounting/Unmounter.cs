using System.Diagnostics.CodeAnalysis;
using System.Text;
using MountHelper.Registry;
using ServiceHost.Linux;
using ServiceHost.MountProtocol;

namespace MountHelper.Mounting;

/// <summary>
/// Unmounts the mount whose root was pinned, and clears what was written about it. Pinning is O_PATH and asks no filesystem, so a hung
/// server cannot hold it up; umount2 itself can wait for one unless <see cref="UnmountFlags.Detach"/> is given.
/// </summary>
public static class Unmounter
{
    /// <summary>
    /// <paramref name="root"/> is an O_PATH descriptor of the mount's root, opened with O_NOFOLLOW. It is closed here, because an open
    /// descriptor makes its own mount busy.
    /// </summary>
    public static bool TryUnmount(
        OwnedFd root, UnmountFlags flags, MountRegistry registry, [NotNullWhen(false)] out GrantRefusal? refusal)
    {
        ArgumentNullException.ThrowIfNull(root);
        ArgumentNullException.ThrowIfNull(registry);
        MountName name = MountName.Of(root);
        RegistryEntry? entry = registry.Find(name);
        Errno errno = DescriptorPath.Read(root, out string mountpoint);
        errno = errno.IsError ? errno : Unmount(root, name, mountpoint, flags);
        if (errno.IsError)
        {
            refusal = Explain(DisplayText.FromBytes(Encoding.Latin1.GetBytes(mountpoint)), errno);
            return false;
        }

        refusal = null;
        if (entry is not null)
        {
            Forget(entry, mountpoint, registry);
        }

        return true;
    }

    /// <summary>
    /// umount2 takes a path. The parent directory is pinned, its entry is checked to lead to the same mount, and a link put there
    /// afterwards is refused by UMOUNT_NOFOLLOW; the entry of a mounted directory cannot be renamed or removed.
    /// </summary>
    private static Errno Unmount(OwnedFd root, MountName name, string mountpoint, UnmountFlags flags)
    {
        int slash = mountpoint.LastIndexOf('/');
        if (slash < 0 || slash == mountpoint.Length - 1)
        {
            return Errno.EINVAL;
        }

        byte[] parentPath = [.. Encoding.Latin1.GetBytes(mountpoint[..Math.Max(slash, 1)]), 0];
        byte[] entryName = [.. Encoding.Latin1.GetBytes(mountpoint[(slash + 1)..]), 0];
        OpenHow how = new(OpenFlags.Path | OpenFlags.Directory, 0, ResolveFlags.NoSymlinks);
        Errno errno = Libc.Openat2(Fd.Cwd, CString.FromTerminated(parentPath), how, out OwnedFd parent);
        if (errno.IsError)
        {
            return errno;
        }

        using (parent)
        {
            errno = CheckEntry(parent, CString.FromTerminated(entryName), name);
            root.Dispose();
            return errno.IsError
                ? errno
                : Libc.Umount2(
                    CString.FromTerminated([.. DescriptorPath.Link(parent.Number)[..^1], (byte)'/', .. entryName]),
                    flags | UnmountFlags.NoFollow);
        }
    }

    private static Errno CheckEntry(Fd parent, CString entryName, MountName name)
    {
        Errno errno = Libc.Openat(parent, entryName, OpenFlags.Path | OpenFlags.NoFollow, 0, out OwnedFd found);
        using (found)
        {
            return errno.IsError ? errno : MountName.Of(found) == name ? Errno.None : Errno.ESTALE;
        }
    }

    /// <summary>The entry of the utab goes by the path of now: a mount can have been moved since it was made.</summary>
    private static void Forget(RegistryEntry entry, string mountpoint, MountRegistry registry)
    {
        UtabFile.Remove(Encoding.Latin1.GetBytes(mountpoint));
        UtabFile.Remove(entry.Mountpoint);
        registry.Remove(entry);
    }

    private static GrantRefusal Explain(string mountpoint, Errno errno)
    {
        if (errno == Errno.EINVAL)
        {
            return new GrantRefusal(RefusalKind.NotMounted, errno, $"{mountpoint} is not the root of a mount");
        }

        if (errno == Errno.ESTALE)
        {
            return new GrantRefusal(RefusalKind.NotMounted, errno, $"{mountpoint} changed while it was being unmounted", "try again");
        }

        return errno == Errno.EBUSY
            ? new GrantRefusal(
                RefusalKind.System, errno, $"{mountpoint} is busy", "find the users with fuser -m, or detach it with umount -l")
            : GrantRefusal.System($"cannot unmount {mountpoint}", errno);
    }
}
