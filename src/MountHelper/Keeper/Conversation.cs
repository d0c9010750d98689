using ServiceHost.Linux;
using ServiceHost.MountProtocol;

namespace MountHelper.Keeper;

/// <summary>
/// The conversation with a server that is taken for hostile (docs/keeper-protocol.md). It never waits for the server but for its next request, so
/// nothing the server does, or does not do, keeps the keeper from noticing its end. Nothing is allocated for a request: a server has as many as it
/// likes.
/// </summary>
internal sealed class Conversation(KeptMount mount) : IDisposable
{
    // An unmounted server leaves and takes the channel with it; this is for one that does not.
    private static readonly TimeSpan s_lookAfterMount = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_closing = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_slice = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_releasing = TimeSpan.FromMilliseconds(500);

    private readonly RegisteredFiles _files = new(mount.Device, new FileJudge(mount.Clones), mount.Quota);
    private readonly FileCloser _closer = new();
    private readonly byte[] _packet = new byte[KeeperMessage.Size];
    private readonly FdList _received = new(1);
    private bool _greeted;
    private string? _end;

    /// <summary>Returns when there is nothing left to keep; a <see cref="KeeperException"/> names what the server did.</summary>
    public void Run()
    {
        try
        {
            while (_end is null)
            {
                TakeOne();
            }
        }
        finally
        {
            _files.ReleaseAll(s_releasing);

            // While it is open callers of a mount whose server is gone wait for an answer.
            mount.Dispose();
        }

        Log.Write($"{_end}; {_files.Registered} files were registered, {_files.Refused} requests refused");
    }

    public void Dispose() => _received.Dispose();

    /// <summary>One packet, or one wait for a packet.</summary>
    private void TakeOne()
    {
        Errno errno = Libc.ReceiveNow(mount.Channel, _packet, _received, out int size);
        if (errno == Errno.EAGAIN)
        {
            Await();
            return;
        }

        if (_received.Count == 0)
        {
            Take(errno, size, new Fd(-1));
            return;
        }

        FdCell file = _received.TakeLone();
        try
        {
            Take(errno, size, file.Borrow());
        }
        finally
        {
            HandToCloser(file);
        }
    }

    /// <summary>A burst of files is waited for, in slices: the end of the server is noticed in between.</summary>
    private void HandToCloser(FdCell file)
    {
        Deadline deadline = Deadline.In(s_closing);
        while (!_closer.TryClose(file, s_slice))
        {
            KeeperException.ThrowIfBroken(KeeperRule.ClosingStallsNobody, deadline.HasPassed,
                "files that the server sent cannot be closed: their filesystem does not answer");
            if (Libc.HasPeerLeft(mount.Channel))
            {
                EndWithServer();
                return;
            }
        }
    }

    private void Await()
    {
        Errno errno = Libc.WaitReadable(mount.Channel, new Fd(-1), Deadline.In(s_lookAfterMount));
        if (errno == Errno.ETIMEDOUT)
        {
            _end = KeeperRule.EndsWithItsMount.IsBrokenBy(Libc.HasFuseConnectionEnded(mount.Device)) ? "the mount is gone" : null;
        }
        else if (errno.IsError)
        {
            throw new KeeperException(null, $"cannot wait for the server: {errno}");
        }
    }

    private void Take(Errno errno, int size, Fd file)
    {
        // A packet without a byte cannot be told from the end, so it is one.
        if (errno == Errno.ECONNRESET || (errno.IsOk && size == 0))
        {
            EndWithServer();
            return;
        }

        KeeperException.ThrowIfBroken(KeeperRule.PacketsAreSmall, errno == Errno.EMSGSIZE, "the server sent a packet that is no message");
        KeeperException.ThrowIfBroken(KeeperRule.DescriptorsAreExpected, errno == Errno.EBADMSG, "the server sent more than one descriptor");
        if (errno.IsError && errno != Errno.EMSGSIZE && errno != Errno.EBADMSG)
        {
            throw new KeeperException(null, $"the channel: {errno}");
        }

        bool known = KeeperMessage.TryDecode(_packet.AsSpan(0, Math.Min(size, _packet.Length)), out KeeperMessage message);
        KeeperException.ThrowIfBroken(KeeperRule.MessagesAreKnown, !known, "the server sent what is no message");
        KeeperException.ThrowIfBroken(KeeperRule.DescriptorsAreExpected, file.IsValid != (message.Tag == Tag.KeeperRegister),
            file.IsValid ? "the server sent a descriptor with a message that has none" : "the server registered no descriptor");
        KeeperException.ThrowIfBroken(KeeperRule.HelloComesFirst, _greeted == (message.Tag == Tag.Hello),
            _greeted ? "the server said hello twice" : $"the server said {message.Tag.ToWireText()} before hello");
        Handle(message, file);
    }

    private void Handle(KeeperMessage message, Fd file)
    {
        switch (message.Tag)
        {
            case Tag.Hello:
                _greeted = true;
                Answer(KeeperMessage.HelloReply(mount.Quota));
                break;
            case Tag.KeeperRegister:
                Answer(_files.Register(file));
                break;
            case Tag.KeeperRelease:
                Answer(_files.Release((int)message.Value));
                break;
            case Tag.Goodbye:
                _end = "the server needs nothing more";
                break;
            default:
                // Answers are the keeper's to give.
                KeeperException.ThrowIfBroken(KeeperRule.MessagesAreKnown, true, $"the server sent {message.Tag.ToWireText()}");
                break;
        }
    }

    private void Answer(KeeperMessage answer)
    {
        Span<byte> packet = stackalloc byte[KeeperMessage.Size];
        answer.Encode(packet);
        Errno errno = Libc.SendNow(mount.Channel, packet);
        if (errno == Errno.EPIPE || errno == Errno.ECONNRESET)
        {
            EndWithServer();
            return;
        }

        KeeperException.ThrowIfBroken(KeeperRule.AnswersAreRead, errno == Errno.EAGAIN, "the server does not read its answers");
        if (errno.IsError && errno != Errno.EAGAIN)
        {
            throw new KeeperException(null, $"the channel: {errno}");
        }
    }

    private void EndWithServer() => _end = KeeperRule.EndsWithItsServer.IsBrokenBy(true) ? "the server has left" : null;
}
