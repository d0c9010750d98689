using ServiceHost.Linux;
using ServiceHost.MountProtocol;

namespace MountHelper;

/// <summary>
/// Decides what a server gets to see: the caller's SOURCE, the journal that the caller named beside it, what the policy adds, and nothing
/// else. Never the mountpoint, never another word of an option, never a path that is merely spelled like SOURCE.
/// </summary>
internal sealed class SourceOpener(MountPlan plan, ServicePolicy policy) : IDisposable
{
    private readonly SourceLock _lock = new();
    private readonly SourceLock _journalLock = new();
    private readonly Dictionary<PolicyEntry, PinnedSource> _pinned = [];

    /// <summary>The object behind a role of the own dialect.</summary>
    public PinnedSource? FindRole(string role, out bool writable, out Denial? denial)
    {
        if (role == RoleRequest.Source)
        {
            return CallersSource(out writable, out denial);
        }

        if (role == RoleRequest.Journal && plan.Options.JournalPath is { } path)
        {
            return CallersJournal(path, out writable, out denial);
        }

        PolicyEntry? entry = policy.FindRole(role);
        writable = false;
        if (entry is not null && IsForRoot(entry, out denial))
        {
            return null;
        }

        if (entry is null)
        {
            denial = new Denial(Errno.ENOENT, $"the server asked for the role \"{role}\", which nothing is assigned to")
            {
                Rule = Rule.RolesAreAssigned,
                Advice = $"to allow it, write \"allow=role {role} PATH\" under [{plan.Type.Name}] into {MountPolicy.Path}",
            };
            return null;
        }

        return FromPolicy(entry, out writable, out denial);
    }

    /// <summary>The object behind a path that a server of v1 names: literally the caller's SOURCE, or literally a path of the policy.</summary>
    public PinnedSource? FindPath(ReadOnlySpan<byte> path, out bool writable, out Denial? denial)
    {
        PolicyEntry? entry = policy.FindPath(path);
        writable = false;
        if (entry is not null && IsForRoot(entry, out denial))
        {
            return null;
        }

        if (entry is not null)
        {
            return FromPolicy(entry, out writable, out denial);
        }

        bool foreign = plan.SourceName is null || !path.SequenceEqual(plan.SourceName);
        if (Rule.OnlyTheSource.IsBrokenBy(foreign))
        {
            string shown = DisplayText.FromBytes(path);
            denial = new Denial(Errno.EACCES, $"the server asked for \"{shown}\", which is not the SOURCE of this mount")
            {
                Rule = Rule.OnlyTheSource,
                Advice = $"to allow it, write \"allow=path {shown}\" under [{plan.Type.Name}] into {MountPolicy.Path}",
            };
            return null;
        }

        return CallersSource(out writable, out denial);
    }

    /// <summary>Opens a regular file or block device. An image is locked for as long as the server has it.</summary>
    public Denial? Open(PinnedSource source, bool write, OpenFlags manner, out OwnedFd opened)
    {
        // O_EXCL claims a block device; on a regular file it means nothing without O_CREAT.
        manner &= source.Kind == SourceKinds.BlockDevice ? manner : ~OpenFlags.Exclusive;
        Errno errno = source.Open(manner | (write ? OpenFlags.ReadWrite : OpenFlags.ReadOnly), out opened);
        if (errno.IsError)
        {
            return new Denial(errno, $"{source.Display}: {errno}")
            {
                Advice = errno == Errno.EBUSY ? "the device is mounted or held by another program" : null,
            };
        }

        if (source.Kind != SourceKinds.RegularFile)
        {
            return null;
        }

        Denial? denial = Lock(source, opened, exclusive: write);
        if (denial is not null)
        {
            opened.Dispose();
        }

        return denial;
    }

    /// <summary>
    /// A loop device over an image, which nothing else uses meanwhile: the lock is on the description that the device keeps. Neither a device
    /// nor a denial comes where there are no loop devices.
    /// </summary>
    public Denial? OpenLoop(PinnedSource source, LoopPart part, out OwnedFd? device)
    {
        device = null;
        if (Rule.LoopDevicesAreRoots.IsBrokenBy(!plan.Caller.IsRoot))
        {
            return new Denial(Errno.EPERM, $"the server asked for a loop device over {source.Display}") { Rule = Rule.LoopDevicesAreRoots };
        }

        Errno errno = LoopControl.Open(out LoopControl? control);
        if (errno.IsError)
        {
            plan.Say($"no loop device can be had (/dev/loop-control: {errno}): {source.Display} is given as a file");
            return null;
        }

        using (control)
        {
            errno = source.Open(OpenFlags.ReadOnly, out OwnedFd image);
            using (image)
            {
                return errno.IsOk
                    ? OpenLoop(source, control!, image, part, out device)
                    : new Denial(errno, $"{source.Display}: {errno}");
            }
        }
    }

    private Denial? OpenLoop(PinnedSource source, LoopControl control, OwnedFd image, LoopPart part, out OwnedFd? device)
    {
        device = null;
        Errno errno = Libc.Statx(image, StatxMask.BasicStats, out Statx file);
        if (errno.IsError)
        {
            return new Denial(errno, $"{source.Display}: {errno}");
        }

        Denial? denial = Lock(source, image, exclusive: true);
        if (denial is not null)
        {
            return denial;
        }

        string? other = LoopDevice.FindOver(file);
        if (Rule.ImageHasOneLoop.IsBrokenBy(other is not null))
        {
            return new Denial(Errno.EBUSY, $"{source.Display} is in use by {other}")
            {
                Rule = Rule.ImageHasOneLoop,
                Advice = $"unmount that, or free it with losetup -d {other}",
            };
        }

        errno = LoopDevice.Create(control, image, file, part, source.Name, out OwnedFd made);
        if (errno.IsError)
        {
            made.Dispose();
            return new Denial(errno, $"no loop device can be made over {source.Display}: {errno}");
        }

        device = made;
        plan.Say($"{source.Display} is a loop device, {(LoopStatus.IsDirect(made) ? "with direct I/O" : "through the page cache")}");
        return null;
    }

    private Denial? Lock(PinnedSource source, OwnedFd opened, bool exclusive) =>
        Rule.ImageHasOneMount.IsBrokenBy((source == plan.Journal ? _journalLock : _lock).Take(opened, exclusive) == Errno.EAGAIN)
            ? new Denial(Errno.EBUSY, $"{source.Display} is in use by another mount")
            {
                Rule = Rule.ImageHasOneMount,
                Advice = $"unmount it there; fuservicemount --wait {source.Display} waits until it is free",
            }
            : null;

    public void Dispose()
    {
        _lock.Dispose();
        _journalLock.Dispose();
        foreach (PinnedSource source in _pinned.Values)
        {
            source.Dispose();
        }
    }

    private PinnedSource? CallersSource(out bool writable, out Denial? denial)
    {
        writable = !plan.Options.ReadOnly;
        denial = null;
        if (plan.Source is null)
        {
            denial = plan.SourceName is null
                ? new Denial(Errno.ENOENT, "the filesystem needs a SOURCE and none was given")
                : new Denial(plan.SourceErrno, $"{DisplayText.FromBytes(plan.SourceName)}: {plan.SourceErrno}");
            return null;
        }

        return CheckKind(plan.Source, out denial);
    }

    /// <summary>For reading alone: whoever named it did so to have a filesystem recovered, not the journal changed.</summary>
    private PinnedSource? CallersJournal(byte[] path, out bool writable, out Denial? denial)
    {
        writable = false;
        denial = plan.Journal is null ? new Denial(plan.JournalErrno, $"the journal {DisplayText.FromBytes(path)}: {plan.JournalErrno}") : null;
        return plan.Journal is null ? null : CheckKind(plan.Journal, out denial);
    }

    /// <summary>These files are opened with root's rights, and a user's server is fed by the user.</summary>
    private bool IsForRoot(PolicyEntry entry, out Denial? denial)
    {
        denial = Rule.PolicyGrantsAreRoots.IsBrokenBy(!plan.Caller.IsRoot)
            ? new Denial(Errno.EPERM, $"the server asked for {DisplayText.FromBytes(entry.Path)}, which {MountPolicy.Path} gives to root's mounts")
            {
                Rule = Rule.PolicyGrantsAreRoots,
            }
            : null;
        return denial is not null;
    }

    private PinnedSource? FromPolicy(PolicyEntry entry, out bool writable, out Denial? denial)
    {
        writable = entry.Writable && !plan.Options.ReadOnly;
        if (!_pinned.TryGetValue(entry, out PinnedSource? source))
        {
            Errno errno = PinnedSource.Pin(entry.Path, out source);
            if (errno.IsError)
            {
                denial = new Denial(errno, $"{DisplayText.FromBytes(entry.Path)} of {MountPolicy.Path}: {errno}");
                return null;
            }

            _pinned.Add(entry, source!);
        }

        return CheckKind(source!, out denial);
    }

    private static PinnedSource? CheckKind(PinnedSource source, out Denial? denial)
    {
        denial = Rule.OnlyFilesDevicesDirectories.IsBrokenBy(source.Kind == SourceKinds.None)
            ? new Denial(Errno.EACCES, $"{source.Display} is neither a regular file nor a block device nor a directory")
            {
                Rule = Rule.OnlyFilesDevicesDirectories,
            }
            : null;
        return denial is null ? source : null;
    }
}
