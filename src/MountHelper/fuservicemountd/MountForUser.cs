using ServiceHost.Linux;
using ServiceHost.MountProtocol;

namespace MountHelper.FuserviceMountd;

/// <summary>BRKM: mounts for the caller what the caller opened, where the caller may.</summary>
internal sealed class MountForUser : IRequest
{
    private const uint GraceSeconds = 30;

    private readonly MountPlan _plan;

    private MountForUser(MountPlan plan) => _plan = plan;

    public string Done => $"mounted {_plan.Display} as {_plan.Type.MountType}";

    public uint HardLimitSeconds => (uint)_plan.Options.Timeout.TotalSeconds + GraceSeconds;

    public static MountForUser Of(CallerIdentity caller, ReceivedPacket packet, SeqpacketSocket connection, Action<string> show)
    {
        BrokerMount? message = BrokerMount.TryDecode(packet.Bytes);
        MountFailedException.ThrowIfBroken(Rule.RequestsAreWellFormed, message is null || packet.Fds.Count != message.DescriptorCount,
            message is null ? "the request to mount is malformed" : $"the request to mount came with {packet.Fds.Count} descriptors");
        MountOptions options = MountOptionSplitter.Split([message!.Options]);
        MountFailedException.ThrowIfBroken(Rule.CallerIsRoot, options.Remount, "remount is for root");
        ServiceType type = ServiceType.Parse(System.Text.Encoding.ASCII.GetBytes(message.Type));
        using ReceivedDescriptors received = new(caller, message, packet);
        received.Check(options.ReadOnly);
        Errno errno = Libc.Duplicate(connection.Handle, out OwnedFd stop);
        if (errno.IsError)
        {
            throw new MountFailedException("cannot watch the caller", errno);
        }

        // From here on the plan owns them.
        return new MountForUser(new MountPlan
        {
            Type = type,
            Options = options,
            Caller = caller,
            Target = received.TakeTarget(),
            Source = received.TakeSource(),
            SourceName = message.Flags.HasFlag(BrokerMountFlags.HasSource) ? message.Source : null,
            SourceErrno = message.ReadErrno.IsError ? message.ReadErrno : Errno.EACCES,
            Journal = received.TakeJournal(options.JournalPath),
            JournalErrno = Errno.ENOENT,
            Verbose = message.Flags.HasFlag(BrokerMountFlags.Verbose),
            NoUtab = message.Flags.HasFlag(BrokerMountFlags.NoUtab),
            Sloppy = message.Flags.HasFlag(BrokerMountFlags.Sloppy),
            Stop = stop,
            Show = show,
        });
    }

    public void Run()
    {
        try
        {
            _plan.Say($"mounting {_plan.Display} as {_plan.Type.MountType}");
            Mounter.Mount(_plan);
        }
        catch (MountFailedException failed)
        {
            throw new MountFailedException(failed.Failure with { Problem = $"{_plan.Display}: {failed.Failure.Problem}" });
        }
    }

    public void Dispose() => _plan.Dispose();
}
