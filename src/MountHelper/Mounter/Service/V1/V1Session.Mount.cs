using MountHelper.Mounting;
using MountHelper.Registry;
using ServiceHost.Linux;
using ServiceHost.MountProtocol;

namespace MountHelper;

internal sealed partial class V1Session
{
    private void ChooseType(ReadOnlySpan<byte> packet)
    {
        V1FsopenCommand command = default;
        MountFailedException.ThrowIfBroken(Rule.MessagesAreWellFormed,
            !V1FsopenCommand.TryDecode(packet, out command) || (command.Flags & ~V1FsopenFlags.All) != 0, Malformed(Tag.V1Fsopen));
        _fuseBlk = command.Flags.HasFlag(V1FsopenFlags.Fuseblk);
        MountFailedException.ThrowIfBroken(Rule.FuseblkNeedsRootAndDevice, _fuseBlk && !(plan.Caller.IsRoot && _opener.HasBlockDevice),
            "the server asked for a fuseblk mount without a block device that root gave it");
        MountFailedException.ThrowIfBroken(Rule.FuseblkNeedsRootAndDevice, plan.Type.FuseBlk && !_fuseBlk,
            $"{plan.Type.Name} does not make fuseblk mounts", $"mount it as fuse.{plan.Type.Name}");
        Reply(Errno.None);
    }

    private void TakeString(ReadOnlySpan<byte> packet, Tag tag)
    {
        V1StringCommand command = default;
        MountFailedException.ThrowIfBroken(Rule.MessagesAreWellFormed, !V1StringCommand.TryDecode(packet, out command), Malformed(tag));
        Denial? denial = null;
        switch (tag)
        {
            case Tag.V1Options:
                _options = V1KernelOptions.Parse(command.Value, plan.AllowOther, out denial) ?? _options;
                break;
            case Tag.V1MtabOptions:
                _noUtab = OptionReader.ReadServers(command.Value).Exists(static word => word.IsName("-n"));
                break;
            default:
                // The name a server would like in mountinfo. What stands there is the caller's SOURCE.
                break;
        }

        Answer(denial);
    }

    private void CheckMountpoint(ReadOnlySpan<byte> packet)
    {
        V1MountpointCommand command = default;
        MountFailedException.ThrowIfBroken(Rule.MessagesAreWellFormed,
            !V1MountpointCommand.TryDecode(packet, out command) || !IsKnownFormat(command.ExpectedFormat), Malformed(Tag.V1Mountpoint));
        MountFailedException.ThrowIfBroken(Rule.OnlyTheMountpoint, !command.Path.AsSpan().SequenceEqual(plan.Target.Name),
            $"the server wanted to mount on \"{DisplayText.FromBytes(command.Path)}\"");
        bool misfit = command.ExpectedFormat == (plan.Target.IsDirectory ? V1MountpointCommand.RegularFile : V1MountpointCommand.Directory);
        MountFailedException.ThrowIfBroken(Rule.RootFitsMountpoint, misfit, plan.Target.IsDirectory
            ? $"{plan.Target.Display} is a directory and the root of this filesystem is a file"
            : $"{plan.Target.Display} is a file and the root of this filesystem is a directory",
            "mount it on an object of that kind");
        Reply(Errno.None);
    }

    private void MakeMount(ReadOnlySpan<byte> packet)
    {
        V1MountCommand command = default;
        MountFailedException.ThrowIfBroken(Rule.MessagesAreWellFormed, !V1MountCommand.TryDecode(packet, out command), Malformed(Tag.V1Mount));
        VfsFlags flags = V1MountFlags.Restrict(plan.Options.Flags, command.MsFlags);
        SuperblockRequest request = SuperblockRequests.Make(
            plan, _fuseBlk ? plan.Source : null, flags, plan.DefaultPermissions || _options.DefaultPermissions, plan.AllowOther,
            _options.MaxRead, _options.BlockSize);
        using (OwnedFd device = FuseDevice.Open())
        {
            _mount = PendingMount.Create(plan, request, device, _fuseBlk ? plan.Source : null);
            FuseDevice.Bind(_serversDevice!, device);
        }

        // The server has its own reference; ours would keep the connection alive when it dies.
        _serversDevice!.Dispose();
        plan.Say($"mounted, not attached yet, as connection {_mount.Name.Connection}");
        Reply(Errno.None);
    }

    private void End(ReadOnlySpan<byte> packet)
    {
        V1Goodbye goodbye = default;
        MountFailedException.ThrowIfBroken(Rule.MessagesAreWellFormed, !V1Goodbye.TryDecode(packet, out goodbye), Malformed(Tag.V1Goodbye));
        if (goodbye.ExitCode != 0)
        {
            throw new MountFailedException(_denial?.ToFailure() ?? new MountFailure(
                $"the server gave up with exit code {goodbye.ExitCode}") { Advice = "its log says why" });
        }

        MountFailedException.ThrowIfBroken(Rule.GoodbyeNeedsAMount, _mount is null, "the server said goodbye without a mount");
        StopRequest.ThrowIfPending(plan);
        _reservation = Reserve();
        _mount!.Attach(_reservation, _unit, writeUtab: !_noUtab);
        plan.Say($"attached to {plan.Target.Display}");
    }

    private MountReservation Reserve()
    {
        using (plan.Namespace?.Enter())
        {
            MountQuota? quota = MountQuota.Of(plan, policy);
            return registry.TryReserve(0, conversation.Deadline, out MountReservation? made, out GrantRefusal? refusal, quota)
                ? made
                : throw refusal.ToException();
        }
    }

    private void Answer(Denial? denial)
    {
        if (denial is not null)
        {
            Deny(denial);
        }

        Reply(denial?.Errno ?? Errno.None);
    }

    private static bool IsKnownFormat(ushort format) =>
        format is 0 or V1MountpointCommand.Directory or V1MountpointCommand.RegularFile;
}
