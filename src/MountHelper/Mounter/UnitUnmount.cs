using System.Diagnostics.CodeAnalysis;
using System.Text;
using MountHelper.Grants;
using MountHelper.Mounting;
using MountHelper.Registry;
using ServiceHost.Linux;
using ServiceHost.MountProtocol;

namespace MountHelper;

/// <summary>
/// What stopping a server's unit means: its filesystem is unmounted wherever it is mounted in this namespace, and the server then ends by
/// itself. The registry says which filesystem that is and the mount table where; a path is believed when what is found there is the
/// filesystem meant. A busy mount is detached: the stop is going to happen, and those who work in it can finish until the server is killed.
/// </summary>
public static class UnitUnmount
{
    public static void Run(byte[] unit, Action<string> show)
    {
        ArgumentNullException.ThrowIfNull(unit);
        ArgumentNullException.ThrowIfNull(show);
        string name = Encoding.Latin1.GetString(unit);
        using MountRegistry registry = Mounter.OpenRegistry();
        foreach (RegistryEntry entry in registry.ReadLive().Where(entry => entry.IsConfirmed && entry.Unit == name))
        {
            UnmountAll(entry.Mount, registry, show);
        }
    }

    /// <summary>The latest first: a mount can lie on another one of the same filesystem.</summary>
    private static void UnmountAll(MountName filesystem, MountRegistry registry, Action<string> show)
    {
        Errno errno = MountTable.Read(out MountTable table);
        if (errno.IsError)
        {
            throw new MountFailedException("cannot read the mount table", errno);
        }

        foreach (MountTableEntry mount in table.Entries.Reverse().Where(mount =>
            mount.DeviceMajor == filesystem.DeviceMajor && mount.DeviceMinor == filesystem.DeviceMinor))
        {
            UnmountOrDetach(Encoding.Latin1.GetBytes(mount.Mountpoint), filesystem, registry, show);
        }
    }

    private static void UnmountOrDetach(byte[] mountpoint, MountName filesystem, MountRegistry registry, Action<string> show)
    {
        if (TryUnmount(mountpoint, filesystem, UnmountFlags.None, registry, out GrantRefusal? refusal))
        {
            return;
        }

        if (refusal.Errno != Errno.EBUSY)
        {
            throw refusal.ToException();
        }

        show($"{DisplayText.FromBytes(mountpoint)} is busy and is detached");
        if (!TryUnmount(mountpoint, filesystem, UnmountFlags.Detach, registry, out refusal))
        {
            throw refusal.ToException();
        }
    }

    /// <summary>True also when something else is at the path: this mount is gone by now, or covered and out of reach.</summary>
    private static bool TryUnmount(
        byte[] mountpoint, MountName filesystem, UnmountFlags flags, MountRegistry registry,
        [NotNullWhen(false)] out GrantRefusal? refusal)
    {
        refusal = null;
        Errno errno = Libc.Openat(
            Fd.Cwd, CString.FromTerminated([.. mountpoint, 0]), OpenFlags.Path | OpenFlags.NoFollow, 0, out OwnedFd root);
        if (errno.IsError || MountName.Of(root).Connection != filesystem.Connection)
        {
            root.Dispose();
            return true;
        }

        return Unmounter.TryUnmount(root, flags, registry, out refusal);
    }
}
