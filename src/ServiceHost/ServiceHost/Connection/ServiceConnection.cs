using ServiceHost.Linux;
using ServiceHost.MountProtocol;

namespace ServiceHost.Connection;

/// <summary>
/// The server's side of one conversation with a Mounter. Stage 1 greets and asks for roles, stage 2 mounts and says goodbye; the
/// socket goes from one to the other. The order is enforced here, so that no caller can get it wrong: what is out of turn throws.
/// Every wait counts against one deadline. A <see cref="ServiceException"/> means that the conversation cannot go on; its reason is
/// sent with <see cref="Fail"/>.
/// </summary>
internal abstract class ServiceConnection(SeqpacketSocket socket, Deadline deadline, ConversationPhase phase) : IDisposable
{
    public abstract Dialect Dialect { get; }

    public SeqpacketSocket Socket { get; } = socket;

    public Deadline Deadline { get; protected set; } = deadline;

    public ConversationPhase Phase { get; private set; } = phase;

    /// <summary>goodbye(0) was sent: from here on the mount may be visible.</summary>
    public bool HasSaidGoodbye { get; protected set; }

    /// <summary>What a sentence about the other side begins with.</summary>
    protected abstract string PeerName { get; }

    /// <summary>Hello and arguments. <paramref name="takeJoinerUid"/> is called with the uid to take before the first word is sent.</summary>
    public abstract ServiceGreeting Greet(Action<uint> takeJoinerUid);

    /// <summary>The part of the caller's options that is the service's business.</summary>
    public abstract string OptionsOf(ServiceArguments arguments);

    /// <summary>Asks for one role; null when it is optional and not there.</summary>
    public abstract GrantedDescriptors? RequestRole(ServiceRole role, ServiceArguments arguments, bool readOnly);

    /// <summary>What the server found of its own containment, where the dialect asks for it. Before <see cref="Mount"/>.</summary>
    public abstract void Attest(ContainmentLevel level, string text);

    /// <summary>Has the superblock made. The devices are of one connection; several where the dialect can give them.</summary>
    public abstract IReadOnlyList<OwnedFd> Mount(FuseMountPlan plan, ServiceArguments arguments);

    /// <summary>goodbye(0): INIT was answered, the mount may become visible. Returns why it did not, or null.</summary>
    public abstract string? Attach();

    /// <summary>A line for whoever typed mount, where the dialect has one.</summary>
    public abstract void Tell(NoteLevel level, string text);

    /// <summary>
    /// goodbye with a failure. Never throws and does nothing when the conversation is over: it is called while another failure is
    /// being handled, and the peer may be gone.
    /// </summary>
    public void Fail(string reason)
    {
        if (Phase is ConversationPhase.Over or ConversationPhase.Silent)
        {
            return;
        }

        Phase = ConversationPhase.Over;
        SendFailure(reason);
    }

    public virtual void Dispose() => Socket.Dispose();

    protected abstract void SendFailure(string reason);

    /// <summary>Moves on from <paramref name="from"/>; anything else than the one allowed order is a bug of the caller.</summary>
    protected void Advance(ConversationPhase from, ConversationPhase to)
    {
        if (Phase != from)
        {
            throw new InvalidOperationException($"{to} is not possible in phase {Phase}.");
        }

        Phase = to;
    }

    protected void Send(byte[] packet)
    {
        Errno errno = Socket.Send(packet, [], Deadline);
        if (errno.IsError)
        {
            throw new ServiceException($"cannot send to {PeerName}: {Describe(errno)}");
        }
    }

    /// <summary>One packet with at most <paramref name="maxFds"/> descriptors; the caller disposes it.</summary>
    protected ReceivedPacket Receive(Tag expected, int maxFds)
    {
        Errno errno = Socket.Receive(Limits.PacketBytes, maxFds, Deadline, out ReceivedPacket? packet);
        if (errno.IsError)
        {
            throw new ServiceException($"no {expected.ToWireText()} from {PeerName}: {Describe(errno)}");
        }

        if (!packet!.Bytes.TryReadTag(out Tag tag) || tag != expected)
        {
            using (packet)
            {
                throw new ServiceException($"expected {expected.ToWireText()} from {PeerName}, got {tag.ToWireText()}");
            }
        }

        return packet;
    }

    protected ServiceException Malformed(Tag tag) => new($"malformed {tag.ToWireText()} from {PeerName}");

    private static string Describe(Errno errno) =>
        errno == Errno.ECONNRESET || errno == Errno.EPIPE ? "it has gone"
        : errno == Errno.ETIMEDOUT ? "the time is over"
        : errno == Errno.EBADMSG ? "wrong number of descriptors"
        : errno == Errno.EMSGSIZE ? "the packet is too large"
        : errno.ToString();
}
