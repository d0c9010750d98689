using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using ServiceHost.Linux;

namespace MountHelper.Grants;

/// <summary>
/// A user namespace for one server. It belongs to the joiner's uid (setns into it is EPERM for anybody else), so a child of ours takes
/// that uid and unshares; we, still root, write its maps and keep it by descriptor. Nobody lives in it until stage 2 joins.
/// </summary>
public sealed class UserNamespaceGrant : IDisposable
{
    private UserNamespaceGrant(OwnedFd descriptor, IReadOnlyList<IdExtent> extents) =>
        (Descriptor, Extents) = (descriptor, extents);

    public OwnedFd Descriptor { get; }

    /// <summary>The map, the same for uids and gids.</summary>
    public IReadOnlyList<IdExtent> Extents { get; }

    /// <summary>
    /// Makes a namespace owned by <paramref name="joinerUid"/>. Needs CAP_SYS_ADMIN, CAP_SETUID, CAP_SETGID, CAP_SYS_PTRACE and a
    /// process with one managed thread. The child ends here in every case, also when it hangs.
    /// </summary>
    public static bool TryCreate(
        uint joinerUid,
        IReadOnlyList<IdExtent> extents,
        Deadline deadline,
        [NotNullWhen(true)] out UserNamespaceGrant? grant,
        [NotNullWhen(false)] out GrantRefusal? refusal)
    {
        ArgumentNullException.ThrowIfNull(extents);
        grant = null;
        if (joinerUid == 0 || IdPool.Contains(joinerUid))
        {
            refusal = new GrantRefusal(
                RefusalKind.Namespace, Errno.EPERM,
                $"the server's first stage runs as uid {joinerUid}; it needs a service uid that is neither root's nor a mount's");
            return false;
        }

        ChildFailure? failure = StartChild(joinerUid, deadline, out ForkedChild? child);
        if (failure is ChildFailure failed)
        {
            refusal = new GrantRefusal(RefusalKind.Namespace, failed.Errno, $"cannot make the server's user namespace: {failed}{WayOut(failed)}");
            return false;
        }

        using (child!)
        {
            Errno errno = WriteMaps(child!.Pid, extents);
            OwnedFd? descriptor = null;
            errno = errno.IsError ? errno : Libc.OpenUserNamespace(child.Pid, out descriptor);
            if (errno.IsError)
            {
                refusal = new GrantRefusal(RefusalKind.Namespace, errno, $"cannot map the ids of the server's user namespace: {errno}");
                return false;
            }

            (grant, refusal) = (new UserNamespaceGrant(descriptor!, extents), null);
            return true;
        }
    }

    public void Dispose() => Descriptor.Dispose();

    /// <summary>What the kernel means by its two refusals (create_user_ns in kernel/user_namespace.c).</summary>
    internal static string WayOut(ChildFailure failure)
    {
        if (failure.Step != ChildStep.Unshare)
        {
            return "";
        }

        return failure.Errno == Errno.EPERM ? " (not possible inside a chroot, nor where a security module forbids it)"
            : failure.Errno == Errno.ENOSPC ? " (the limit user.max_user_namespaces is reached)"
            : "";
    }

    /// <summary>
    /// The child closes everything first: a socket or source it kept alive would keep the server and umount waiting for a Mounter
    /// that is gone. CAP_SYS_ADMIN survives the change of uid, for machines where only it may make user namespaces.
    /// </summary>
    private static ChildFailure? StartChild(uint joinerUid, Deadline deadline, out ForkedChild? child)
    {
        child = null;
        Errno errno = ChildProgram.Create(0, out ChildProgram program);
        if (errno.IsError)
        {
            return new ChildFailure(ChildStep.Fork, errno);
        }

        using (program)
        {
            program.ResetSignals();
            program.CloseFrom(0);
            program.SetGroups([]);
            program.KeepCapabilities();
            program.SetIdentity(joinerUid, joinerUid);
            program.SetCapabilities(CapabilitySet.SysAdmin);
            program.UnshareUserNamespace();
            program.ForbidNestedNamespaces();
            program.DieWithParent();
            program.Announce();
            program.Pause();
            return ForkedChild.Start(program, endsInExec: false, deadline, out child);
        }
    }

    /// <summary>The setgroups file stays as it is: we write as root, and stage 2 sets its groups.</summary>
    private static Errno WriteMaps(int pid, IReadOnlyList<IdExtent> extents)
    {
        StringBuilder lines = new();
        foreach (IdExtent extent in extents)
        {
            lines.Append(CultureInfo.InvariantCulture, $"{extent.Inside} {extent.Host} {extent.Count}\n");
        }

        byte[] map = Encoding.ASCII.GetBytes(lines.ToString());
        Errno errno = Libc.WriteIdMap(pid, "uid_map", map);
        return errno.IsError ? errno : Libc.WriteIdMap(pid, "gid_map", map);
    }
}
