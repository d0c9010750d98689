using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using ServiceHost.Linux;

namespace MountHelper.Mounting;

/// <summary>
/// A FUSE mount between its creation and the moment it becomes visible. Until <see cref="TryAttach"/> it is a descriptor, and Dispose
/// undoes it. Nothing here ever looks into the new filesystem: its server may be hostile, and would have us wait.
/// </summary>
public sealed class DetachedMount : IDisposable
{
    private readonly OwnedFd? _mount;
    private LegacyMount? _legacy;

    private DetachedMount(OwnedFd? mount, LegacyMount? legacy, MountName name) =>
        (_mount, _legacy, Name) = (mount, legacy, name);

    public MountName Name { get; }

    /// <summary>True when the kernel has no fsopen and the mount is already visible; Dispose then unmounts it.</summary>
    public bool IsVisible => _legacy is not null;

    /// <summary>
    /// Makes the superblock, bound to <paramref name="fuseDevice"/>. <paramref name="mountpoint"/> is used at once only where
    /// fsopen(2) is missing.
    /// </summary>
    public static bool TryCreate(
        SuperblockRequest request,
        Fd fuseDevice,
        OwnedFd mountpoint,
        [NotNullWhen(true)] out DetachedMount? mount,
        [NotNullWhen(false)] out GrantRefusal? refusal)
    {
        ArgumentNullException.ThrowIfNull(request);
        Errno errno = Libc.Fsopen(CString.FromTerminated(CString.Allocate(request.FilesystemType)), out OwnedFd context);
        if (errno == Errno.ENOSYS)
        {
            return TryCreateLegacy(request, fuseDevice, mountpoint, out mount, out refusal);
        }

        using (context)
        {
            mount = null;
            refusal = errno.IsError
                ? GrantRefusal.System($"the kernel cannot mount {request.FilesystemType}", errno)
                : SuperblockConfiguration.Apply(context, request, fuseDevice);
            if (refusal is not null)
            {
                return false;
            }

            errno = Libc.Fsmount(context, request.Attributes, out OwnedFd created);
            if (errno.IsError)
            {
                refusal = GrantRefusal.System("cannot make the mount", errno);
                return false;
            }

            mount = new DetachedMount(created, null, MountName.Of(created));
            return true;
        }
    }

    /// <summary>The one step at which the mount is seen, onto a pinned directory or file. After it Dispose leaves the mount alone.</summary>
    public bool TryAttach(Fd mountpoint, [NotNullWhen(false)] out GrantRefusal? refusal)
    {
        refusal = null;
        if (_legacy is not null)
        {
            _legacy.Keep();
            return true;
        }

        Errno errno = Libc.MoveMount(_mount!, mountpoint);
        if (errno.IsError)
        {
            refusal = GrantRefusal.System("cannot attach the mount to the mountpoint", errno);
        }

        return errno.IsOk;
    }

    /// <summary>Whether the attached mount's parent is the mount that <paramref name="mountpoint"/> was opened on.</summary>
    public bool IsDirectlyOn(Fd mountpoint) =>
        _legacy is not null
        || (MountTable.Read(out MountTable table).IsOk
            && table.Find(MountIdentity.ReusableId(_mount!)) is MountTableEntry entry
            && entry.ParentId == MountIdentity.ReusableId(mountpoint));

    /// <summary>Takes an attached mount off again, whatever lies on it or above it.</summary>
    public void Detach()
    {
        if (_mount is not null)
        {
            Libc.Umount2(CString.FromTerminated(DescriptorPath.Link(_mount.Number)), UnmountFlags.Detach);
        }
    }

    public void Dispose()
    {
        _mount?.Dispose();
        _legacy?.Dispose();
        _legacy = null;
    }

    /// <summary>What <see cref="TryCreate"/> does without fsopen(2): mount(2), visible at once, onto the path of the descriptor.</summary>
    public static bool TryCreateLegacy(
        SuperblockRequest request,
        Fd fuseDevice,
        OwnedFd mountpoint,
        [NotNullWhen(true)] out DetachedMount? mount,
        [NotNullWhen(false)] out GrantRefusal? refusal)
    {
        mount = LegacyMount.TryCreate(request, fuseDevice, mountpoint, out LegacyMount? legacy, out refusal)
            ? new DetachedMount(null, legacy, legacy.Name)
            : null;
        return mount is not null;
    }
}
