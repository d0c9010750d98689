using ServiceHost.Linux;

namespace MountHelper.Registry;

/// <summary>The number of the caller's mount namespace.</summary>
internal static class MountNamespaceId
{
    internal static ulong Current => Libc.OpenOwnMountNamespace(out OwnedFd descriptor).IsOk ? NumberOf(descriptor) : 0;

    private static ulong NumberOf(OwnedFd descriptor)
    {
        using (descriptor)
        {
            return Libc.Statx(descriptor, StatxMask.Ino, out Statx statx).IsOk ? statx.Ino : 0;
        }
    }
}
