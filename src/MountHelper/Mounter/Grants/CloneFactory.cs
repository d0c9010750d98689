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
        refusal = clone is not null
            ? RefuseIfUncovered(request, static entry => entry.IsUnbindable, Errno.EPERM)
            : CloneAlone(request, readOnly, out clone) ?? RefuseIfUncovered(request, static _ => true, errno);
        if (refusal is null)
        {
            return clone is not null;
        }

        clone?.Dispose();
        clone = null;
        return false;
    }

    private static GrantRefusal? CloneAlone(DirectoryGrantRequest request, bool readOnly, out OwnedFd? clone)
    {
        Errno errno = Clone(request, readOnly, recursive: false, out clone, out bool mapping);
        return errno.IsOk ? null
            : mapping ? SourceRefusal.NotMapped(request, errno)
            : SourceRefusal.NotCloned(request, errno);
    }

    /// <summary>Whether a mount that is not in the clone covers something. A recursive clone leaves unbindable mounts out silently.</summary>
    private static GrantRefusal? RefuseIfUncovered(
        DirectoryGrantRequest request, Predicate<MountTableEntry> isLeftOut, Errno errno) =>
        !request.CallerIsRoot && SubmountFinder.TryFind(request.Source, isLeftOut, out string? submount)
            ? SourceRefusal.Covered(request, submount, errno)
            : null;

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

        MountAttributes set = request.AccessTimes
            | (request.AllowSuid ? MountAttributes.None : MountAttributes.NoSuid)
            | (request.AllowDev ? MountAttributes.None : MountAttributes.NoDev)
            | (readOnly ? MountAttributes.ReadOnly : MountAttributes.None)
            | (request.UserNamespace is null ? MountAttributes.None : MountAttributes.IdMap);
        MountAttributes clear = (set & MountAttributes.AtimeMask) == 0 ? MountAttributes.None : MountAttributes.AtimeMask;
        mapping = true;
        Fd map = request.UserNamespace is null ? default : request.UserNamespace.Borrow();
        errno = Libc.MountSetattr(tree, recursive, set, clear, map);
        if (errno.IsError)
        {
            tree.Dispose();
            return errno;
        }

        clone = tree;
        return Errno.None;
    }
}
