using System.Diagnostics.CodeAnalysis;
using MountHelper.Registry;
using ServiceHost.Linux;

namespace MountHelper.Mounting;

/// <summary>
/// Unmounts exactly the mount whose root was pinned, and clears what was written about it. Pinning is O_PATH and asks no filesystem, so a
/// hung server cannot hold it up; umount2 itself can wait for one unless <see cref="UnmountFlags.Detach"/> is given.
/// </summary>
public static class Unmounter
{
    /// <summary>
    /// <paramref name="root"/> is an O_PATH descriptor of the mount's root, opened with O_NOFOLLOW. EINVAL from the kernel: it is not
    /// the root of a mount.
    /// </summary>
    public static bool TryUnmount(
        OwnedFd root, UnmountFlags flags, MountRegistry registry, [NotNullWhen(false)] out GrantRefusal? refusal)
    {
        ArgumentNullException.ThrowIfNull(root);
        ArgumentNullException.ThrowIfNull(registry);
        MountName name = MountName.Of(root);
        RegistryEntry? entry = registry.Find(name);
        Errno errno = DescriptorPath.Read(root, out string mountpoint);

        // A busy check by the kernel counts our own descriptor, which a path of the same object would not spare us: so go by the
        // path, and let the kernel refuse a link in its last component.
        errno = errno.IsError ? errno : Libc.Umount2(
            CString.FromTerminated(DescriptorPath.Link(root.Number)), flags);
        if (errno.IsError)
        {
            refusal = Explain(mountpoint, errno);
            return false;
        }

        refusal = null;
        if (entry is not null)
        {
            UtabFile.Remove(entry.Mountpoint);
            registry.Remove(entry);
        }

        return true;
    }

    private static GrantRefusal Explain(string mountpoint, Errno errno) => errno.Number switch
    {
        22 => new GrantRefusal(RefusalKind.NotMounted, errno, $"{mountpoint} is not a mount"),
        16 => new GrantRefusal(
            RefusalKind.System, errno, $"{mountpoint} is busy", "find the users with fuser -m, or detach it with umount -l"),
        _ => GrantRefusal.System($"cannot unmount {mountpoint}", errno),
    };
}
