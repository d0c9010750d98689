using ServiceHost.Linux;
using ServiceHost.MountProtocol;

namespace MountHelper.FuserviceMountd;

/// <summary>
/// One conversation: one packet in, lines and one answer out. What waits has a deadline of its own, and behind all of them stands alarm(2).
/// The answer is sent before anything that the caller gave is closed.
/// </summary>
internal sealed class Broker(SeqpacketSocket connection)
{
    private const uint HardLimitToAsk = 20;

    private static readonly TimeSpan s_patienceToAsk = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_patienceToAnswer = TimeSpan.FromSeconds(2);

    private string _caller = "?";

    public int Run()
    {
        Libc.Alarm(HardLimitToAsk);
        try
        {
            CallerIdentity caller = SocketCaller.Of(connection);
            _caller = $"uid {caller.Uid}";
            using ConversationSlot slot = ConversationSlot.Take(caller.Uid);
            using ReceivedPacket packet = Receive();
            connection.RefuseDescriptors();
            using IRequest request = Understand(caller, packet);
            Libc.Alarm(request.HardLimitSeconds);
            Answer(() =>
            {
                request.Run();
                Log.Write($"{_caller} {request.Done}");
            });
            return ExitCode.Success;
        }
        catch (MountFailedException failed)
        {
            return Answer(() => throw failed);
        }
    }

    /// <summary>The answer is the last word, also to a caller who sends more than was read.</summary>
    private void SendAnswer(int exitCode, string text)
    {
        Send(new BrokerAnswer((uint)exitCode, text).Encode());
        connection.EndReceiving();
    }

    /// <summary>Whatever comes of the action is told to the caller and to the log; a caller that is gone is no failure of ours.</summary>
    private int Answer(Action action)
    {
        try
        {
            action();
            SendAnswer(ExitCode.Success, "");
        }
        catch (MountFailedException failed)
        {
            Log.Write($"{_caller}: {failed.Failure}");
            SendAnswer(failed.Failure.ExitCode, failed.Failure.ToString());
        }
        catch (Exception)
        {
            SendAnswer(ExitCode.Internal, "internal error of the broker; its log has more");
            throw;
        }

        return ExitCode.Success;
    }

    private ReceivedPacket Receive()
    {
        Errno errno = connection.Receive(Limits.PacketBytes, Limits.BrokerFds, Deadline.In(s_patienceToAsk), out ReceivedPacket? packet);
        MountFailedException.ThrowIfBroken(Rule.SilenceEndsIt, errno == Errno.ETIMEDOUT || errno == Errno.ECONNRESET,
            errno == Errno.ETIMEDOUT ? $"the caller said nothing for {s_patienceToAsk.TotalSeconds} s" : "the caller hung up without a word");
        MountFailedException.ThrowIfBroken(Rule.RequestsAreWellFormed, errno.IsError,
            errno == Errno.EMSGSIZE ? $"the request is longer than {Limits.PacketBytes} bytes"
            : errno == Errno.EBADMSG ? $"the request came with more than {Limits.BrokerFds} descriptors"
            : $"the request: {errno}");
        return packet!;
    }

    private IRequest Understand(CallerIdentity caller, ReceivedPacket packet)
    {
        packet.Bytes.TryReadTag(out Tag tag);
        PacketReader reader = new(packet.Bytes, tag);
        ushort version = reader.U16();
        bool known = tag is Tag.BrokerMount or Tag.BrokerUnmount && !reader.HasFailed;
        MountFailedException.ThrowIfBroken(Rule.RequestsAreWellFormed, !known, "the request is none");
        MountFailedException.ThrowIfBroken(Rule.RequestsAreWellFormed, version != ProtocolVersion.Broker,
            $"the broker speaks version {ProtocolVersion.Broker} and the request is of version {version}", "install the two from the same release");
        return tag == Tag.BrokerMount
            ? MountForUser.Of(caller, packet, connection, Show)
            : UnmountForUser.Of(caller, packet);
    }

    private void Show(string line) => Send(new Note(NoteLevel.Warning, line).Encode());

    private void Send(byte[] packet)
    {
        Errno errno = connection.Send(packet, [], Deadline.In(s_patienceToAnswer));
        if (errno.IsError)
        {
            Log.Write($"{_caller} did not take its answer: {errno}");
        }
    }
}
