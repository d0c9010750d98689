using ServiceHost.Linux;
using ServiceHost.MountProtocol;

namespace MountHelper.FuserviceMountd;

/// <summary>BRKU: unmounts what the caller mounted.</summary>
internal sealed class UnmountForUser : IRequest
{
    // An unmount writes what is not yet on disk, and waits for the server; what hangs is ended by the request timeout of its connection.
    private const uint LongestFlush = 600;

    private readonly OwnersUnmount _unmount;

    private UnmountForUser(OwnersUnmount unmount) => _unmount = unmount;

    public string Done => $"unmounted {DisplayText.FromBytes(_unmount.Mountpoint)}";

    public uint HardLimitSeconds => LongestFlush + 30;

    public static UnmountForUser Of(CallerIdentity caller, ReceivedPacket packet)
    {
        BrokerUnmount? message = BrokerUnmount.TryDecode(packet.Bytes);
        MountFailedException.ThrowIfBroken(Rule.RequestsAreWellFormed, message is null || packet.Fds.Count != BrokerUnmount.DescriptorCount,
            message is null ? "the request to unmount is malformed" : $"the request to unmount came with {packet.Fds.Count} descriptors");
        Errno errno = Libc.GetOpenFlags(packet.Fds[0], out OpenFlags flags);
        MountFailedException.ThrowIfBroken(Rule.DescriptorsAreOpened, errno.IsError || !flags.HasFlag(OpenFlags.Path),
            "the directory of the mountpoint has to be opened with O_PATH");
        return new UnmountForUser(new OwnersUnmount
        {
            Caller = caller,
            Parent = packet.Fds.Take(0),
            Entry = message!.Entry,
            Mountpoint = message.Mountpoint,
            Type = message.Type.Length == 0 ? null : ServiceType.Parse(message.Type),
            Force = message.Flags.HasFlag(BrokerUnmountFlags.Force),
            Lazy = message.Flags.HasFlag(BrokerUnmountFlags.Lazy),
        });
    }

    public void Run() => _unmount.Run(Deadline.In(TimeSpan.FromSeconds(LongestFlush)));

    public void Dispose() => _unmount.Parent.Dispose();
}
