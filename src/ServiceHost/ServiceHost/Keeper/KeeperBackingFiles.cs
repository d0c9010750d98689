using ServiceHost.Fuse;
using ServiceHost.Linux;
using ServiceHost.MountProtocol;

namespace ServiceHost.Keeper;

/// <summary>
/// Registers through the keeper of the mount (docs/keeper-protocol.md). Requests go one after the other: the keeper has one thread, too. It
/// is trusted, but it may be stopped or late, so every answer has a deadline; when one is missed the conversation is over, and
/// with it registering. What is in passthrough already stays so. Allocates nothing.
/// </summary>
internal sealed class KeeperBackingFiles(OwnedFd channel, Action<string> warn) : IBackingFiles, IDisposable
{
    // It is started while the server is; on a machine under load that may take its time, and happens once.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    private readonly Lock _conversation = new();
    private readonly byte[] _packet = new byte[KeeperMessage.Size];
    private readonly FdList _noDescriptors = new(0);
    private bool _greeted;
    private bool _over;

    public Errno Register(Fd file, out int backingId)
    {
        lock (_conversation)
        {
            backingId = 0;
            if (!Greet() || !Exchange(KeeperMessage.Register, file, Tag.KeeperAnswer, out KeeperMessage answer))
            {
                return Errno.ENOTCONN;
            }

            backingId = (int)answer.Value;

            // The kernel says so of every file when INIT did not agree on passthrough, or when it has none.
            bool forAll = answer.Refusal == KeeperRefusal.Kernel && (answer.Errno == Errno.EPERM || answer.Errno == Errno.EOPNOTSUPP);
            return forAll ? Errno.EOPNOTSUPP : answer.Errno;
        }
    }

    public void Release(int backingId)
    {
        lock (_conversation)
        {
            // An id that is unknown has ended already.
            _ = _greeted && Exchange(KeeperMessage.Release(backingId), new Fd(-1), Tag.KeeperAnswer, out _);
        }
    }

    /// <summary>The keeper ends all ids, and itself.</summary>
    public void Dispose()
    {
        lock (_conversation)
        {
            _over = true;
            channel.Dispose();
        }
    }

    private bool Greet()
    {
        _greeted = _greeted || Exchange(KeeperMessage.Hello, new Fd(-1), Tag.HelloReply, out _);
        return _greeted;
    }

    private bool Exchange(KeeperMessage request, Fd attached, Tag expected, out KeeperMessage answer)
    {
        answer = default;
        if (_over)
        {
            return false;
        }

        Errno errno = Send(request, attached);
        errno = errno.IsError ? errno : Libc.WaitReadable(channel, new Fd(-1), Deadline.In(s_patience));
        int size = 0;
        errno = errno.IsError ? errno : Libc.ReceiveNow(channel, _packet, _noDescriptors, out size);
        if (errno.IsOk && KeeperMessage.TryDecode(_packet.AsSpan(0, size), out answer) && answer.Tag == expected)
        {
            return true;
        }

        GiveUp(errno.IsOk && size == 0 ? Errno.ECONNRESET : errno);
        return false;
    }

    private Errno Send(KeeperMessage request, Fd attached)
    {
        request.Encode(_packet);
        return attached.IsValid ? Libc.SendNow(channel, _packet, attached) : Libc.SendNow(channel, _packet);
    }

    /// <summary>
    /// An answer that comes later would be taken for that to another request: there is no second try. The channel stays open, because a keeper
    /// ends the ids when it is closed, and an open of a file that is in passthrough already needs the id that it has: nothing else would be allowed.
    /// </summary>
    private void GiveUp(Errno errno)
    {
        _over = true;
        warn($"no keeper any more ({(errno.IsOk ? "it answered with what is no answer" : errno.Name)}): files are served by ordinary I/O");
    }
}
