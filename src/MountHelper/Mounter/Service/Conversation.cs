using ServiceHost.Linux;
using ServiceHost.MountProtocol;

namespace MountHelper;

/// <summary>
/// Packets to and from one server. All waiting counts against one deadline, so a server can neither be silent nor trickle; a packet
/// that is too large, a descriptor, a hang-up and a signal of the caller each end the conversation with their own reason.
/// </summary>
internal sealed class Conversation : IDisposable
{
    private static readonly TimeSpan s_slice = TimeSpan.FromMilliseconds(200);

    private readonly MountPlan _plan;
    private readonly SeqpacketSocket _socket;

    public Conversation(MountPlan plan, SeqpacketSocket socket, Deadline deadline)
    {
        _plan = plan;
        _socket = socket;
        Deadline = deadline;
    }

    public Deadline Deadline { get; }

    /// <summary>Waits for one packet; <paramref name="awaited"/> says for the reader of a message what did not come.</summary>
    public ReceivedPacket Receive(string awaited)
    {
        Errno errno = Libc.WaitReadable(_socket.Handle, StopRequest.Of(_plan), Deadline);
        if (errno == Errno.ECANCELED)
        {
            throw StopRequest.Interrupted();
        }

        ReceivedPacket? packet = null;
        errno = errno.IsError ? errno : _socket.Receive(Limits.PacketBytes, 0, Deadline, out packet);
        return errno.IsOk ? packet! : throw Broken(errno, awaited);
    }

    /// <summary>
    /// Whether the server has hung up, or sent something out of turn: both before it heard that its mount is attached. A mount of a
    /// server that is gone would be a dead one.
    /// </summary>
    public bool HasMoved() => Libc.WaitReadable(_socket.Handle, new Fd(-1), ServiceHost.Linux.Deadline.In(TimeSpan.Zero)).IsOk;

    /// <summary>Sends one packet. Waits, in slices, when the server does not read; the descriptors stay ours.</summary>
    public void Send(ReadOnlySpan<byte> packet, params ReadOnlySpan<OwnedFd> fds)
    {
        Errno errno;
        do
        {
            StopRequest.ThrowIfPending(_plan);
            TimeSpan slice = Deadline.Remaining < s_slice ? Deadline.Remaining : s_slice;
            errno = _socket.Send(packet, fds, ServiceHost.Linux.Deadline.In(slice));
        }
        while (errno == Errno.ETIMEDOUT && !Deadline.HasPassed);

        if (errno.IsError)
        {
            throw Broken(errno, "the server to read");
        }
    }

    public void Dispose() => _socket.Dispose();

    private MountFailedException Broken(Errno errno, string awaited)
    {
        (Rule? rule, string problem, string? advice) = errno switch
        {
            _ when errno == Errno.ETIMEDOUT => (Rule.OneDeadline,
                $"the server did not answer within {_plan.Options.Timeout.TotalSeconds} s (waiting for {awaited})",
                "look at its log, or give it more time with -o mount_timeout=SECONDS"),
            _ when errno == Errno.ECONNRESET || errno == Errno.EPIPE => (Rule.EndsWithGoodbye,
                $"the server ended without a goodbye (waiting for {awaited})", "look at its log"),
            _ when errno == Errno.EMSGSIZE => (Rule.PacketsAreBounded,
                $"the server sent a packet of more than {Limits.PacketBytes} bytes", null),
            _ when errno == Errno.EBADMSG => (Rule.ServerSendsNoDescriptors, "the server tried to send a descriptor", null),
            _ => ((Rule?)null, $"the connection to the server: {errno}", null),
        };
        return new MountFailedException(new MountFailure(problem) { Rule = rule, Advice = advice });
    }
}
