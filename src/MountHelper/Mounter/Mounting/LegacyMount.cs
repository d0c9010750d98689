using System.Diagnostics.CodeAnalysis;
using System.Text;
using ServiceHost.Linux;

namespace MountHelper.Mounting;

/// <summary>
/// A mount by mount(2), where fsopen(2) is missing: visible at once, and so unmounted again unless it is kept. The mountpoint is given as
/// the path of its descriptor, and the new root is pinned right after, so that what is unmounted is what was mounted.
/// </summary>
internal sealed class LegacyMount : IDisposable
{
    private readonly OwnedFd _root;
    private bool _kept;

    private LegacyMount(OwnedFd root) => _root = root;

    internal MountName Name => MountName.Of(_root);

    internal static bool TryCreate(
        SuperblockRequest request,
        Fd fuseDevice,
        OwnedFd mountpoint,
        [NotNullWhen(true)] out LegacyMount? mount,
        [NotNullWhen(false)] out GrantRefusal? refusal)
    {
        mount = null;
        if (!SuperblockParameters.TryLegacyData(request, fuseDevice, out MountFlags flags, out byte[] data))
        {
            refusal = new GrantRefusal(RefusalKind.UnknownOption, Errno.EINVAL, "an option with a comma needs fsopen(2)");
            return false;
        }

        byte[] type = CString.Allocate($"{request.FilesystemType}.{request.Subtype}");
        Errno errno = Libc.Mount(
            CString.FromTerminated([.. request.Source, 0]), CString.FromTerminated(DescriptorPath.Link(mountpoint.Number)),
            CString.FromTerminated(type), flags, CString.FromTerminated(data));
        if (errno.IsError)
        {
            refusal = GrantRefusal.System("mount(2) failed", errno);
            return false;
        }

        errno = MountedRoot.Pin(mountpoint, out OwnedFd? root);
        if (errno.IsError)
        {
            refusal = GrantRefusal.System("cannot find the new mount again; unmount it by hand", errno);
            return false;
        }

        (mount, refusal) = (new LegacyMount(root!), null);
        return true;
    }

    internal void Keep() => _kept = true;

    public void Dispose()
    {
        if (!_kept)
        {
            Libc.Umount2(CString.FromTerminated(DescriptorPath.Link(_root.Number)), UnmountFlags.Detach);
        }

        _root.Dispose();
    }
}
