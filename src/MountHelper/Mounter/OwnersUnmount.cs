using System.Text;
using MountHelper.Mounting;
using MountHelper.Registry;
using ServiceHost.Linux;
using ServiceHost.MountProtocol;

namespace MountHelper;

/// <summary>
/// A user unmounts. The caller has pinned the directory in which the mountpoint is an entry, the registry says whose mount is there. umount2(2)
/// takes a path: it is one component below the pinned directory, in which the kernel lets nobody rename or remove a mountpoint, and it is
/// walked by a child that is the caller in everything but the right to unmount. So it leads where the caller could go, also on a filesystem
/// that root may not enter, and one that does not answer holds up the child alone. Nothing of ours holds the mount itself: that would make it
/// busy.
/// </summary>
public sealed class OwnersUnmount
{
    private static readonly TimeSpan s_patienceToLook = TimeSpan.FromSeconds(10);

    public required CallerIdentity Caller { get; init; }

    /// <summary>O_PATH descriptor of the directory in which the mountpoint is an entry.</summary>
    public required OwnedFd Parent { get; init; }

    /// <summary>The mountpoint's name there: one component.</summary>
    public required byte[] Entry { get; init; }

    /// <summary>As the caller wrote it, for messages.</summary>
    public required byte[] Mountpoint { get; init; }

    /// <summary>null unmounts any.</summary>
    public ServiceType? Type { get; init; }

    public bool Force { get; init; }

    public bool Lazy { get; init; }

    private string Display => DisplayText.FromBytes(Mountpoint);

    /// <summary>Returns when the mount is gone and what was written about it as well.</summary>
    public void Run(Deadline deadline)
    {
        using MountRegistry registry = Mounter.OpenRegistry();
        RegistryEntry entry = FindOwn(registry);
        ChildFailure? failure = ChildOfCaller.Unmount(
            Caller, Parent, Entry, (Force ? UnmountFlags.Force : 0) | (Lazy ? UnmountFlags.Detach : 0), deadline);
        if (failure is { } failed)
        {
            throw Explain(failed);
        }

        UtabFile.Remove(entry.Mountpoint);
        registry.Remove(entry);
    }

    private RegistryEntry FindOwn(MountRegistry registry)
    {
        ChildFailure? failure = ChildOfCaller.LookAtEntry(Caller, Parent, Entry, Deadline.In(s_patienceToLook), out Statx found);
        if (failure is { } failed)
        {
            throw Explain(failed);
        }

        bool isMount = found.Attributes.HasFlag(StatxAttributes.MountRoot);
        ulong id = found.Mask.HasFlag(StatxMask.UniqueMountId) ? found.MountId : 0;
        RegistryEntry? entry = isMount ? registry.Find(new MountName(id, found.DevMajor, found.DevMinor)) : null;
        MountFailedException.ThrowIfBroken(Rule.UnmountIsTheOwners, entry is null || entry.Owner != Caller.Uid,
            isMount ? $"{Display} was not mounted by uid {Caller.Uid}" : $"{Display} is not the root of a mount",
            isMount ? "its owner, or root, can unmount it" : null);
        MountFailedException.ThrowIfBroken(Rule.UnmountIsOfOurType, Type is not null && (Type.FuseBlk || entry!.Type != Type.Name),
            $"{Display} is a fuse.{entry!.Type} mount, not one of {Type?.MountType}");
        return entry;
    }

    private MountFailedException Explain(ChildFailure failed)
    {
        if (failed.Step == ChildStep.TimedOut)
        {
            return new MountFailedException(new MountFailure($"{Display} could not be unmounted in time")
            {
                Rule = Rule.OneDeadline,
                Advice = "detach it with umount -l",
            });
        }

        if (failed is { Step: ChildStep.LookAt, Errno: var errno } && Rule.UnmountIsTheOwners.IsBrokenBy(errno == Errno.EACCES))
        {
            return new MountFailedException(new MountFailure($"{Display} may not be looked at by uid {Caller.Uid}")
            {
                Rule = Rule.UnmountIsTheOwners,
                Advice = "its owner, or root, can unmount it",
            });
        }

        return failed.Step is not (ChildStep.Unmount or ChildStep.LookAt)
            ? new MountFailedException(new MountFailure($"cannot unmount {Display}: {failed}"))
            : failed.Errno == Errno.EBUSY
                ? new MountFailedException(new MountFailure($"{Display} is busy") { Advice = "find the users with fuser -m, or detach it with umount -l" })
                : new MountFailedException($"cannot unmount {Display}", failed.Errno);
    }
}
