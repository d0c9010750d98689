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
        OwnedFd root = PinRoot(display);
        MountTableEntry? entry = MountedFilesystem.Find(root);
        if (Rule.UnmountIsOfOurType.IsBrokenBy(entry is null || !MountedFilesystem.IsOfType(entry, Type)))
        {
            root.Dispose();
            throw NotOurs(display, entry);
        }

        UnmountFlags flags = (Force ? UnmountFlags.Force : 0) | (Lazy ? UnmountFlags.Detach : 0);
        using MountRegistry registry = Mounter.OpenRegistry();
        if (!Unmounter.TryUnmount(root, flags, registry, out GrantRefusal? refusal))
        {
            throw ReadOnlyWhenBusy && refusal.Errno == Errno.EBUSY ? MakeReadOnly(display) : refusal.ToException();
        }
    }

    private OwnedFd PinRoot(string display)
    {
        Errno errno = Libc.Openat(
            Fd.Cwd, CString.FromTerminated([.. Mountpoint, 0]), OpenFlags.Path | OpenFlags.NoFollow, 0, out OwnedFd root);
        return errno.IsOk ? root : throw new MountFailedException($"cannot unmount {display}", errno);
    }

    private MountFailedException NotOurs(string display, MountTableEntry? entry) => new(new MountFailure(entry is null
        ? $"{display} is not the root of a mount"
        : $"{display} is a {DisplayText.FromBytes(Encoding.Latin1.GetBytes(entry.Type))} mount, not one of {Type?.MountType ?? "a FUSE server"}")
    {
        Rule = Rule.UnmountIsOfOurType,
    });

    private MountFailedException MakeReadOnly(string display)
    {
        using OwnedFd root = PinRoot(display);
        RemountFlags readOnly = new(MountAttributes.ReadOnly, MountAttributes.None);
        return readOnly.TryApply(root, out GrantRefusal? refusal)
            ? new MountFailedException(new MountFailure($"{display} is busy and is read-only now"))
            : refusal.ToException();
    }
}
