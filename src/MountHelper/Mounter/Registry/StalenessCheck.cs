using MountHelper.Mounting;
using ServiceHost.Linux;

namespace MountHelper.Registry;

/// <summary>
/// Whether the mount of an entry is gone, against one reading of the mount table. An entry of a mounter that lives is never stale: its mount
/// may be about to appear. A mount of another namespace cannot be seen from here; it is gone when its FUSE connection is.
/// </summary>
internal sealed class StalenessCheck
{
    private readonly ulong _namespace = MountNamespaceId.Current;
    private readonly MountTable? _table = MountTable.Read(out MountTable table).IsOk ? table : null;

    internal bool IsStale(RegistryEntry entry)
    {
        if (entry.Mounter.IsAlive || _table is null)
        {
            return false;
        }

        if (!entry.IsConfirmed)
        {
            return true;
        }

        return entry.MountNamespace == _namespace ? !IsMounted(entry.Mount) : FuseConnections.IsGone(entry.Mount.Connection);
    }

    /// <summary>By the unique id when both sides have one; otherwise by device number.</summary>
    internal static bool IsSame(MountName a, MountName b) =>
        a.UniqueId != 0 && b.UniqueId != 0
            ? a.UniqueId == b.UniqueId
            : a.DeviceMajor == b.DeviceMajor && a.DeviceMinor == b.DeviceMinor;

    private bool IsMounted(MountName mount)
    {
        if (mount.UniqueId != 0)
        {
            Errno errno = Libc.StatmountExists(mount.UniqueId);
            if (errno != Errno.ENOSYS)
            {
                return errno != Errno.ENOENT;
            }
        }

        return _table!.Entries.Any(entry =>
            entry.DeviceMajor == mount.DeviceMajor && entry.DeviceMinor == mount.DeviceMinor
            && entry.Type.StartsWith("fuse", StringComparison.Ordinal));
    }
}
