using MountHelper.Mounting;
using MountHelper.Registry;
using ServiceHost.Linux;

namespace MountHelper;

/// <summary>
/// A mount that exists and that nobody sees. Dispose undoes all of it; only <see cref="Attach"/> makes it stay. What Attach does is
/// ordered so that a death at any point leaves either nothing or a mount that can be found and unmounted: registry entry, the mount
/// itself, utab.
/// </summary>
internal sealed class PendingMount : IDisposable
{
    private readonly MountPlan _plan;
    private readonly DetachedMount _mount;
    private readonly ConnectionControl? _control;
    private readonly byte[] _source;
    private readonly bool _writeProtected;
    private bool _attached;

    private PendingMount(MountPlan plan, DetachedMount mount, ConnectionControl? control, byte[] source, bool writeProtected)
    {
        _plan = plan;
        _mount = mount;
        _control = control;
        _source = source;
        _writeProtected = writeProtected;
    }

    public MountName Name => _mount.Name;

    /// <summary>Creates the superblock, bound to <paramref name="device"/>; from here on INIT waits for the server.</summary>
    /// <param name="plan">What was asked for.</param>
    /// <param name="request">What the kernel is told.</param>
    /// <param name="device">An unbound /dev/fuse.</param>
    /// <param name="disk">The block device of a fuseblk mount; null for any other.</param>
    public static PendingMount Create(MountPlan plan, SuperblockRequest request, OwnedFd device, PinnedSource? disk)
    {
        if (!DetachedMount.TryCreate(request, device, plan.Target.Handle, out DetachedMount? mount, out GrantRefusal? refusal))
        {
            throw refusal.ToException();
        }

        if (disk is not null)
        {
            CheckOwn(mount, device, disk);
        }

        bool writeProtected = request.Attributes.HasFlag(MountAttributes.ReadOnly) && !plan.Options.ReadOnly;
        PendingMount pending = new(plan, mount, ConnectionControl.Open(mount.Name.Connection), request.Source, writeProtected);
        try
        {
            pending.CheckDisk(disk);
            pending.LiftThrottle(isFuseblk: disk is not null);
            return pending;
        }
        catch
        {
            pending.Dispose();
            throw;
        }
    }

    public InitState ReadInitState() => _control?.ReadInitState() ?? InitState.Unknown;

    public void Attach(MountReservation reservation, string unit, bool writeUtab = true)
    {
        if (!reservation.TryConfirm(Describe(reservation.Entry, unit), out GrantRefusal? refusal))
        {
            throw refusal.ToException();
        }

        using (_plan.Namespace?.Enter())
        {
            if (!_mount.TryAttach(_plan.Target.Handle, out refusal))
            {
                throw refusal.ToException();
            }

            CheckAttached();
            _attached = true;
            reservation.Keep();
            if (_writeProtected)
            {
                // As mount(8) says it of a medium that is write-protected.
                _plan.Show($"{_plan.Display}: mounted read-only, {_plan.Type.Name} does not write");
            }

            if (writeUtab && !_plan.NoUtab)
            {
                WriteUtab();
            }
        }
    }

    public void Dispose()
    {
        if (!_attached)
        {
            // Closing a fuseblk mount sends DESTROY and waits for the answer; a connection that is aborted answers itself.
            _control?.Abort();
        }

        _control?.Dispose();
        _mount.Dispose();
    }

    /// <summary>
    /// Something that was mounted on a user's mountpoint since it was opened is the kernel's idea of where to attach; the user had no right
    /// to it, so the mount is taken off again, by its own descriptor.
    /// </summary>
    private void CheckAttached()
    {
        if (_plan.Caller.IsRoot || _mount.IsDirectlyOn(_plan.Target.Handle))
        {
            return;
        }

        _mount.Detach();
        MountFailedException.ThrowIfBroken(Rule.MountpointIsUncovered, true,
            $"something was mounted on {_plan.Target.Display} meanwhile", "try again");
    }

    private RegistryEntry Describe(RegistryEntry reserved, string unit) => reserved with
    {
        Type = _plan.Type.Name,
        Source = _source,
        Mountpoint = _plan.Target.CanonicalPath,
        Mount = Name,
        Unit = unit,
        Owner = _plan.Caller.Uid,
        Time = DateTimeOffset.UtcNow,
        Options = LastingWords.Join(_plan.Options),
    };

    /// <summary>The mount is there and stays; without the entry only root's plain umount(8) does not find its helper.</summary>
    private void WriteUtab()
    {
        Errno errno = UtabFile.Add(_source, _plan.Target.CanonicalPath, _plan.Type.MountType);
        if (errno.IsError)
        {
            _plan.Say($"cannot write {UtabFile.DefaultDirectory}/utab: {errno}");
        }
    }

    /// <summary>
    /// The kernel gives a second mount of the superblock that is there when the device is mounted as fuseblk already. Its connection is not
    /// ours to judge or to abort, so this is found out before anything knows of it: our device was left without a connection.
    /// </summary>
    private static void CheckOwn(DetachedMount mount, OwnedFd device, PinnedSource disk)
    {
        using OwnedFd probe = FuseDevice.Open();
        if (Rule.FuseblkIsItsOwn.IsBrokenBy(!FuseDevice.TryBind(probe, device).IsOk))
        {
            mount.Dispose();
            throw new MountFailedException(new MountFailure($"{disk.Display} is mounted already") { Rule = Rule.FuseblkIsItsOwn });
        }
    }

    /// <summary>It works without, slower: that is worth a line and not the mount.</summary>
    private void LiftThrottle(bool isFuseblk)
    {
        Errno errno = _plan.Options.WritebackThrottle ? Errno.None : WritebackThrottle.Lift(Name, isFuseblk);
        if (errno.IsError)
        {
            _plan.Show($"{_plan.Display}: writeback_throttle=off has no effect: {errno}");
        }
    }

    /// <summary>fuseblk takes its device by path; what it took must be what was pinned and granted.</summary>
    private void CheckDisk(PinnedSource? disk)
    {
        MountFailedException.ThrowIfBroken(Rule.FuseblkMountsThePinnedDevice,
            disk is not null && (Name.DeviceMajor != disk.RdevMajor || Name.DeviceMinor != disk.RdevMinor),
            $"{disk?.Display} changed while it was being mounted");
    }
}
