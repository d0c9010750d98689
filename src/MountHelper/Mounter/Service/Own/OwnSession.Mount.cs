using MountHelper.Mounting;
using MountHelper.Registry;
using ServiceHost.Linux;
using ServiceHost.MountProtocol;

namespace MountHelper;

internal sealed partial class OwnSession
{
    private void MakeMount(ReadOnlySpan<byte> packet)
    {
        MountRequest request = default;
        MountFailedException.ThrowIfBroken(Rule.MessagesAreWellFormed, !MountRequest.TryDecode(packet, out request), Malformed(Tag.Mount));
        CheckMount(request);
        LevelRequirement.Check(policy, _attested?.Level ?? ContainmentLevel.None, _attested?.Text ?? "");
        PinnedSource? disk = request.Flags.HasFlag(MountRequestFlags.Fuseblk) ? _granter.BlockDevice : null;
        bool permissions = plan.DefaultPermissions || request.Flags.HasFlag(MountRequestFlags.DefaultPermissions);
        SuperblockRequest superblock = SuperblockRequests.Make(
            plan, disk, FlagsOf(request), permissions, plan.AllowOther, request.MaxRead, request.BlockSize);
        for (uint i = 0; i < request.Devices; i++)
        {
            _devices.Add(FuseDevice.Open());
        }

        _mount = PendingMount.Create(plan, superblock, _devices[0], disk);
        foreach (OwnedFd device in _devices.Skip(1))
        {
            FuseDevice.Bind(device, _devices[0]);
        }

        BindKeeper();

        // Only now: a device that is not bound yet would let the server switch on INIT that the mount call itself waits for.
        MountName name = _mount.Name;
        conversation.Send(
            new MountReply(Errno.None, request.Devices, name.UniqueId, name.DeviceMinor, "").Encode(), [.. _devices]);
        _devices.ForEach(static device => device.Dispose());
        _devices.Clear();
        plan.Say($"mounted, not attached yet, as connection {name.Connection}");
    }

    /// <summary>A clone of the device for the keeper alone, of which there is no other to be had later.</summary>
    private void BindKeeper()
    {
        if (_keeper is { IsGranted: true })
        {
            OwnedFd device = FuseDevice.Open();
            _keeper.Device = device;
            FuseDevice.Bind(device, _devices[0]);
        }
    }

    /// <summary>
    /// Last of all, so that its start delays neither the server nor the mount; the first file that is opened waits for it. The mount is
    /// there, and stays without a keeper, too.
    /// </summary>
    private void StartKeeper()
    {
        if (_keeper is { IsGranted: true })
        {
            KeeperConnector.Start(plan, _keeper);
        }
    }

    /// <summary>The caller's flags; a server may take away from them that its mount can be written.</summary>
    private VfsFlags FlagsOf(MountRequest request) =>
        plan.Options.Flags | (request.Flags.HasFlag(MountRequestFlags.ReadOnly) ? VfsFlags.ReadOnly : VfsFlags.None);

    private void CheckMount(MountRequest request)
    {
        bool fuseBlk = request.Flags.HasFlag(MountRequestFlags.Fuseblk);
        MountFailedException.ThrowIfBroken(Rule.RootFitsMountpoint,
            plan.Target.IsDirectory != (request.RootMode == MountRequest.DirectoryRoot),
            plan.Target.IsDirectory
                ? $"{plan.Target.Display} is a directory and the root of this filesystem is a file"
                : $"{plan.Target.Display} is a file and the root of this filesystem is a directory",
            "mount it on an object of that kind");
        MountFailedException.ThrowIfBroken(Rule.FuseblkNeedsRootAndDevice, fuseBlk && !(plan.Caller.IsRoot && _granter.BlockDevice is not null),
            "the server asked for a fuseblk mount without a block device that root gave it");
        MountFailedException.ThrowIfBroken(Rule.FuseblkNeedsRootAndDevice, plan.Type.FuseBlk && !fuseBlk,
            $"{plan.Type.Name} does not make fuseblk mounts", $"mount it as fuse.{plan.Type.Name}");
    }

    private void End(ReadOnlySpan<byte> packet)
    {
        Goodbye goodbye = default;
        MountFailedException.ThrowIfBroken(Rule.MessagesAreWellFormed, !Goodbye.TryDecode(packet, out goodbye), Malformed(Tag.Goodbye));
        if (goodbye.ExitCode != 0)
        {
            throw new MountFailedException(_denial?.ToFailure() ?? new MountFailure(goodbye.Text.Length > 0
                ? goodbye.Text
                : $"the server gave up with exit code {goodbye.ExitCode} and no reason"));
        }

        MountFailedException.ThrowIfBroken(Rule.GoodbyeNeedsAMount, _mount is null, "the server said goodbye without a mount");
        CheckInit(_mount!.ReadInitState());
        Attach();
    }

    private static void CheckInit(InitState state)
    {
        MountFailedException.ThrowIfBroken(Rule.GoodbyeAfterInit, state == InitState.Unanswered,
            "the server said goodbye before it answered the kernel's INIT", "look at its log");
        MountFailedException.ThrowIfBroken(Rule.InitIsAccepted, state == InitState.Refused,
            "the server answered the kernel's INIT with an error or a version the kernel does not speak", "look at its log");
    }

    /// <summary>From the confirmed entry on a signal is too late: the mount appears, or its failure is told to both sides.</summary>
    private void Attach()
    {
        StopRequest.ThrowIfPending(plan);
        MountFailedException.ThrowIfBroken(Rule.ServerAwaitsTheAttach, conversation.HasMoved(),
            "the server did not wait for its mount to be attached", "look at its log");
        MountReservation reservation = _granter.Reserve(conversation.Deadline);
        try
        {
            _mount!.Attach(reservation, _server.Unit);
        }
        catch (MountFailedException failure)
        {
            conversation.Send(new Done(Errno.EIO, failure.Failure.Problem).Encode());
            throw;
        }

        plan.Say($"attached to {plan.Target.Display}");
        TryTellDone();
        StartKeeper();
    }

    /// <summary>The mount is there whether or not the server still hears of it.</summary>
    private void TryTellDone()
    {
        try
        {
            conversation.Send(new Done(Errno.None, "").Encode());
        }
        catch (MountFailedException failure)
        {
            plan.Say($"the server did not wait for the last word: {failure.Failure.Problem}");
        }
    }
}
