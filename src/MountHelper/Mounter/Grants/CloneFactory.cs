using System.Diagnostics.CodeAnalysis;
using ServiceHost.Linux;

namespace MountHelper.Grants;

/// <summary>Makes one clone of a source, by the rule for what is mounted below it.</summary>
internal static class CloneFactory
{
    /// <summary>
    /// With everything below when every mount there can be id-mapped: mount_setattr changes all of them or none. Otherwise without, and
    /// then the directories under the missing mounts show, so only root gets that.
    /// </summary>
    internal static bool TryClone(
        DirectoryGrantRequest request,
        bool readOnly,
        [NotNullWhen(true)] out OwnedFd? clone,
        [NotNullWhen(false)] out GrantRefusal? refusal)
    {
        Errno errno = Clone(request, readOnly, recursive: true, out clone, out _);
        if (clone is not null && !request.CallerIsRoot && SubmountFinder.TryFindUnbindable(request.Source, out string? unbindable))
        {
            clone.Dispose();
            clone = null;
            refusal = SourceRefusal.Covered(request, unbindable, Errno.EPERM);
            return false;
        }

        if (clone is not null)
        {
            refusal = null;
            return true;
        }

        Errno alone = Clone(request, readOnly, recursive: false, out clone, out bool mapping);
        if (clone is null)
        {
            refusal = mapping ? SourceRefusal.NotMapped(request, alone) : SourceRefusal.NotCloned(request, alone);
            return false;
        }

        if (request.CallerIsRoot || !SubmountFinder.TryFind(request.Source, out string? submount))
        {
            refusal = null;
            return true;
        }

        clone.Dispose();
        clone = null;
        refusal = SourceRefusal.Covered(request, submount, errno);
        return false;
    }

    /// <summary><paramref name="mapping"/> tells a failure to change the clone from a failure to make it.</summary>
    private static Errno Clone(
        DirectoryGrantRequest request, bool readOnly, bool recursive, out OwnedFd? clone, out bool mapping)
    {
        clone = null;
        mapping = false;
        Errno errno = Libc.OpenTreeClone(request.Source, recursive, out OwnedFd tree);
        if (errno.IsError)
        {
            return errno;
        }

        MountAttributes set = (request.AllowSuid ? MountAttributes.None : MountAttributes.NoSuid)
            | (request.AllowDev ? MountAttributes.None : MountAttributes.NoDev)
            | (readOnly ? MountAttributes.ReadOnly : MountAttributes.None)
            | (request.UserNamespace is null ? MountAttributes.None : MountAttributes.IdMap);

        // Private: a mount made later below a shared source must not appear in the clone, where it would not be mapped.
        mapping = true;
        Fd map = request.UserNamespace is null ? default : request.UserNamespace.Borrow();
        errno = Libc.MountSetattr(tree, recursive, set, MountAttributes.None, map, MountFlags.Private);
        if (errno.IsError)
        {
            tree.Dispose();
            return errno;
        }

        clone = tree;
        return Errno.None;
    }
}
