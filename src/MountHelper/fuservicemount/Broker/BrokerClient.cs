using ServiceHost.Linux;
using ServiceHost.MountProtocol;

namespace MountHelper.FuserviceMount;

/// <summary>
/// The caller's side of a conversation with fuservicemountd: one request, then lines to show, then the answer, whose exit code is ours. A
/// signal ends our sending; the broker sees that, rolls back, and its answer still says what has become of it.
/// </summary>
internal sealed class BrokerClient(OwnedFd stop)
{
    private const string Path = "/run/fuservice/mountd";

    private static readonly TimeSpan s_patienceToConnect = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_patienceAfterSignal = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Runs one conversation. <paramref name="heard"/> is called when the broker has read the request.</summary>
    /// <remarks>
    /// A socket that has as many conversations as it may have hangs up before anybody has read a word. That is asked again: whoever fills it is
    /// sent away as quickly as he comes. A request that was read is never sent twice.
    /// </remarks>
    public int Ask(byte[] request, OwnedFd[] fds, Deadline deadline, Action heard)
    {
        Deadline patience = Deadline.In(s_patienceToConnect);
        while (true)
        {
            using (SeqpacketSocket socket = Connect())
            {
                if (TryAsk(socket, request, fds, deadline, heard, out int exitCode))
                {
                    return exitCode;
                }
            }

            if (patience.HasPassed)
            {
                throw new MountFailedException(new MountFailure("the broker has too many conversations") { Advice = "try again later" });
            }

            if (Libc.WaitReadable(stop, new Fd(-1), Deadline.In(s_pause)).IsOk)
            {
                throw Broken(Errno.ECANCELED, interrupted: true);
            }
        }
    }

    /// <summary>False when nobody has read the request.</summary>
    private bool TryAsk(SeqpacketSocket socket, byte[] request, OwnedFd[] fds, Deadline deadline, Action heard, out int exitCode)
    {
        exitCode = 0;
        Errno errno = socket.Send(request, fds, deadline);

        // A broker that refuses us at once has hung up already; what it said is still there to be read.
        bool unheard = errno == Errno.EPIPE || errno == Errno.ECONNRESET;
        if (errno.IsError && !unheard)
        {
            throw new MountFailedException("cannot send the request to the broker", errno);
        }

        bool interrupted = false;
        while (true)
        {
            errno = Libc.WaitReadable(socket.Handle, interrupted ? new Fd(-1) : stop.Borrow(), deadline);
            if (errno == Errno.ECANCELED)
            {
                interrupted = true;
                deadline = Deadline.In(s_patienceAfterSignal);
                socket.EndSending();
                continue;
            }

            unheard |= socket.TakeError() == Errno.ECONNRESET;
            ReceivedPacket? packet = null;
            errno = errno.IsError ? errno : socket.Receive(Limits.PacketBytes, 0, deadline, out packet);
            using (packet)
            {
                if (unheard && errno == Errno.ECONNRESET && !interrupted)
                {
                    return false;
                }

                if (errno.IsError)
                {
                    throw Broken(errno, interrupted);
                }

                // Whoever answers has it all; nothing of what is mounted or unmounted stays open here.
                heard();
                if (TryFinish(packet!.Bytes, out exitCode))
                {
                    return true;
                }
            }
        }
    }

    private static bool TryFinish(ReadOnlySpan<byte> packet, out int exitCode)
    {
        exitCode = ExitCode.Success;
        if (Note.TryDecode(packet, out Note note))
        {
            Message.Write(note.Text);
            return false;
        }

        if (!BrokerAnswer.TryDecode(packet, out BrokerAnswer answer))
        {
            throw new MountFailedException(new MountFailure("the broker's answer is malformed") { Advice = "install broker and helper from the same release" });
        }

        if (answer.Text.Length > 0)
        {
            Message.Write(answer.Text);
        }

        exitCode = (int)answer.ExitCode;
        return true;
    }

    private static SeqpacketSocket Connect()
    {
        Errno errno = SeqpacketSocket.Connect(
            CString.FromTerminated("/run/fuservice/mountd\0"u8), SeqpacketOptions.RefuseDescriptors, Deadline.In(s_patienceToConnect),
            out SeqpacketSocket? socket);
        if (Rule.CallerIsRoot.IsBrokenBy(errno == Errno.ENOENT || errno == Errno.ECONNREFUSED))
        {
            throw OptionError.Because(Rule.CallerIsRoot, $"only root can mount without the broker, and none listens on {Path}",
                "ask the administrator to enable fuservicemountd.socket");
        }

        if (errno.IsError)
        {
            throw new MountFailedException($"the broker at {Path}", errno);
        }

        errno = socket!.GetPeer(out PeerCredentials peer);
        if (errno.IsError || Rule.BrokerIsRoots.IsBrokenBy(peer.UserId != 0))
        {
            socket.Dispose();
            throw new MountFailedException(new MountFailure($"the socket {Path} belongs to uid {peer.UserId}, not to root") { Rule = Rule.BrokerIsRoots });
        }

        return socket;
    }

    private static MountFailedException Broken(Errno errno, bool interrupted) => interrupted
        ? new MountFailedException(new MountFailure("interrupted by a signal") { Rule = Rule.SignalsRollBack, ExitCode = ExitCode.Interrupted })
        : new MountFailedException(new MountFailure(errno == Errno.ETIMEDOUT ? "the broker did not answer in time"
            : errno == Errno.ECONNRESET ? "the broker ended without an answer"
            : $"the connection to the broker: {errno}")
        {
            Advice = "look at its log (journalctl -u 'fuservicemountd@*')",
        });
}
