using System.Diagnostics.CodeAnalysis;
using ServiceHost.Linux;

namespace MountHelper.Mounting;

/// <summary>
/// What remount may change: the flags of the one mount that is there, by mount_setattr(2). The superblock and the server never hear of
/// it, and no second mount is made.
/// </summary>
public readonly record struct RemountFlags(MountAttributes Set, MountAttributes Clear)
{
    private const MountAttributes Atime = MountAttributes.NoAtime | MountAttributes.StrictAtime;

    /// <summary>The flags of a mount that remount knows.</summary>
    public const MountAttributes Changeable =
        MountAttributes.ReadOnly | MountAttributes.NoSuid | MountAttributes.NoDev | MountAttributes.NoExec
        | MountAttributes.NoSymFollow | MountAttributes.NoDirAtime | Atime;

    /// <summary>
    /// Applies the change to the mount that <paramref name="root"/> is the root of. All of it happens or nothing.
    /// </summary>
    public bool TryApply(Fd root, [NotNullWhen(false)] out GrantRefusal? refusal)
    {
        if (((Set | Clear) & ~Changeable) != 0)
        {
            refusal = new GrantRefusal(
                RefusalKind.NotRemountable, Errno.EINVAL, $"remount cannot change {(Set | Clear) & ~Changeable}");
            return false;
        }

        // The three access-time settings are one field: to set any the kernel wants the whole field cleared.
        MountAttributes clear = ((Set | Clear) & Atime) != 0 ? (Clear & ~Atime) | MountAttributes.AtimeMask : Clear;
        Errno errno = Libc.MountSetattr(root, recursive: false, Set, clear);
        refusal = errno.IsError ? Explain(errno) : null;
        return errno.IsOk;
    }

    private static GrantRefusal Explain(Errno errno) =>
        errno == Errno.EBUSY
            ? new GrantRefusal(
                RefusalKind.System, errno, $"cannot make the mount read-only: {errno}", "a file on it is open for writing")
            : GrantRefusal.System("cannot change the flags of the mount", errno);
}
