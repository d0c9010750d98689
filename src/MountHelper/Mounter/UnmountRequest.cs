using System.Text;
using MountHelper.Mounting;
using MountHelper.Registry;
using ServiceHost.Linux;
using ServiceHost.MountProtocol;

namespace MountHelper;

/// <summary>
/// umount.fuse.TYPE. The root of the mount is found once, by a path whose last component may not be a link, and what is unmounted is what
/// was found. The mounted filesystem is not asked for anything: its server may hang.
/// </summary>
public sealed class UnmountRequest
{
    public required byte[] Mountpoint { get; init; }

    /// <summary>null unmounts whatever FUSE filesystem of a server is there.</summary>
    public ServiceType? Type { get; init; }

    public bool Force { get; init; }

    public bool Lazy { get; init; }

    public bool ReadOnlyWhenBusy { get; init; }

    public void Run()
    {
        string display = DisplayText.FromBytes(Mountpoint);
        Errno errno = Libc.Openat(
            Fd.Cwd, CString.FromTerminated([.. Mountpoint, 0]), OpenFlags.Path | OpenFlags.NoFollow, 0, out OwnedFd root);
        if (errno.IsError)
        {
            throw new MountFailedException($"cannot unmount {display}", errno);
        }

        using (root)
        {
            MountTableEntry? entry = MountedFilesystem.Find(root);
            MountFailedException.ThrowIfBroken(Rule.UnmountIsOfOurType, entry is null || !MountedFilesystem.IsOfType(entry, Type),
                entry is null
                    ? $"{display} is not the root of a mount"
                    : $"{display} is a {DisplayText.FromBytes(Encoding.Latin1.GetBytes(entry.Type))} mount, not one of {Type?.MountType ?? "a FUSE server"}");
            Unmount(root, display);
        }
    }

    private void Unmount(OwnedFd root, string display)
    {
        UnmountFlags flags = (Force ? UnmountFlags.Force : 0) | (Lazy ? UnmountFlags.Detach : 0);
        using MountRegistry registry = Mounter.OpenRegistry();
        if (Unmounter.TryUnmount(root, flags, registry, out GrantRefusal? refusal))
        {
            return;
        }

        if (!ReadOnlyWhenBusy || refusal.Errno != Errno.EBUSY)
        {
            throw refusal.ToException();
        }

        RemountFlags readOnly = new(MountAttributes.ReadOnly, MountAttributes.None);
        throw readOnly.TryApply(root, out GrantRefusal? second)
            ? new MountFailedException(new MountFailure($"{display} is busy and is read-only now"))
            : second.ToException();
    }
}
