using ServiceHost.Linux;
using ServiceHost.MountProtocol;

namespace ServiceHost.Connection;

/// <summary>The own dialect; docs/mount-protocol.md is its contract.</summary>
internal sealed class OwnConnection(SeqpacketSocket socket, Deadline deadline, ConversationPhase phase = ConversationPhase.Silent)
    : ServiceConnection(socket, deadline, phase)
{
    // A Mounter may want to wait long for a person at a prompt, but not for ever.
    private const uint LongestDeadlineMilliseconds = 10 * 60 * 1000;

    // No machine has more, and what is more is no number of CPUs.
    private const int MaxCpus = 8192;

    private HelloFeatures _features;
    private int _roles;
    private int _notes;

    public override Dialect Dialect => Dialect.Own;

    /// <summary>Whether the service can use a keeper of backing files.</summary>
    public bool TakesKeeper { get; init; }

    protected override string PeerName => "the mounter";

    public override ServiceGreeting Greet(Action<uint> takeJoinerUid)
    {
        Hello hello = ReceiveHello();
        Deadline = Deadline.In(TimeSpan.FromMilliseconds(Math.Min(hello.DeadlineMilliseconds, LongestDeadlineMilliseconds)));

        // The Mounter learns the joiner from the credentials of the reply: they must be those of the joiner already.
        takeJoinerUid(hello.JoinerUid);
        HelloFeatures understood = HelloFeatures.AllowOther | HelloFeatures.Fuseblk | HelloFeatures.CallerRoot | HelloFeatures.Loop
            | (TakesKeeper ? HelloFeatures.Keeper : HelloFeatures.None);
        _features = hello.Features & understood;
        Advance(ConversationPhase.Silent, ConversationPhase.Roles);
        Send(new HelloReply(ProtocolVersion.Own, _features).Encode());
        return ReceiveArguments(hello);
    }

    /// <summary>The Mounter keeps what is its own business to itself.</summary>
    public override string OptionsOf(ServiceArguments arguments) => arguments.OptionText;

    public override GrantedDescriptors? RequestRole(ServiceRole role, ServiceArguments arguments, bool readOnly)
    {
        Advance(ConversationPhase.Roles, ConversationPhase.Roles);
        if (++_roles > Limits.Roles)
        {
            throw new ServiceException("the service wants more roles than a mount can have");
        }

        Send(Request(role).Encode());
        using ReceivedPacket packet = Receive(Tag.Grant, Limits.GrantFds);
        if (!Grant.TryDecode(packet.Bytes, out Grant grant)
            || !grant.IsConsistent
            || grant.Flags.DescriptorCount() != packet.Fds.Count)
        {
            throw Malformed(Tag.Grant);
        }

        if (grant.Error.IsError)
        {
            return role.Optional ? null : throw new ServiceException($"no {role.Name}: {Reason(grant.Error, grant.Reason)}");
        }

        if ((grant.Kind & role.Kinds) == 0)
        {
            throw new ServiceException($"the {role.Name} is of a kind that was not asked for");
        }

        return new GrantedDescriptors(role.Name, grant, TakeAll(packet.Fds));
    }

    private RoleRequest Request(ServiceRole role)
    {
        bool loop = role.Loop is not null && _features.HasFlag(HelloFeatures.Loop);
        RoleFlags flags = (role.Optional ? RoleFlags.Optional : 0) | (loop ? RoleFlags.Loop : 0);
        return new RoleRequest(role.Kinds, role.Access, flags, role.Name) { Part = loop ? role.Loop!.Value : default };
    }

    public override void Attest(ContainmentLevel level, string text)
    {
        Advance(ConversationPhase.Roles, ConversationPhase.Roles);
        Send(new Attested(level, text).Encode());
    }

    public override IReadOnlyList<OwnedFd> Mount(FuseMountPlan plan, ServiceArguments arguments)
    {
        Advance(ConversationPhase.Roles, ConversationPhase.Mounting);
        MountRequestFlags flags = (plan.Fuseblk ? MountRequestFlags.Fuseblk : 0)
            | (plan.DefaultPermissions ? MountRequestFlags.DefaultPermissions : 0)
            | (plan.ReadOnly ? MountRequestFlags.ReadOnly : 0);
        Send(new MountRequest(flags, plan.RootMode, plan.MaxRead, plan.BlockSize, (uint)plan.Workers).Encode());
        using ReceivedPacket packet = Receive(Tag.Mounted, plan.Workers);
        if (!MountReply.TryDecode(packet.Bytes, out MountReply reply) || reply.Devices != packet.Fds.Count)
        {
            throw Malformed(Tag.Mounted);
        }

        if (reply.Error.IsError)
        {
            throw new ServiceException($"cannot mount: {Reason(reply.Error, reply.Reason)}");
        }

        // From here on nobody has a reason to send a descriptor. A kernel without the option drops what comes at the next receive.
        Errno errno = Socket.RefuseDescriptors();
        if (errno.IsError && errno != Errno.ENOPROTOOPT)
        {
            throw new ServiceException($"cannot refuse descriptors: {errno}");
        }

        Advance(ConversationPhase.Mounting, ConversationPhase.Mounted);
        return TakeAll(packet.Fds);
    }

    public override string? Attach()
    {
        Advance(ConversationPhase.Mounted, ConversationPhase.Over);
        Send(new Goodbye(0, string.Empty).Encode());
        HasSaidGoodbye = true;
        using ReceivedPacket packet = Receive(Tag.Done, 0);
        if (!Done.TryDecode(packet.Bytes, out Done done))
        {
            throw Malformed(Tag.Done);
        }

        return done.Error.IsOk ? null : Reason(done.Error, done.Reason);
    }

    public override void Tell(NoteLevel level, string text)
    {
        if (_notes++ < Limits.Notes)
        {
            Send(new Note(level, text).Encode());
        }
    }

    protected override void SendFailure(string reason)
    {
        // The Mounter is told if it still listens; the reason is in the log in any case.
        _ = Socket.Send(new Goodbye(1, reason).Encode(), [], Deadline);
    }

    private Hello ReceiveHello()
    {
        using ReceivedPacket packet = Receive(Tag.Hello, 0);
        if (!Hello.TryDecode(packet.Bytes, out Hello hello))
        {
            throw Malformed(Tag.Hello);
        }

        return ProtocolVersion.Includes(hello.MinVersion, hello.MaxVersion, ProtocolVersion.Own)
            ? hello
            : throw new ServiceException(
                $"the mounter speaks protocol versions {hello.MinVersion} to {hello.MaxVersion}, this service {ProtocolVersion.Own}");
    }

    private ServiceGreeting ReceiveArguments(Hello hello)
    {
        using ReceivedPacket packet = Receive(Tag.Arguments, 1);
        if (!CallerArguments.TryDecode(packet.Bytes, out CallerArguments caller) || packet.Fds.Count != 1)
        {
            throw Malformed(Tag.Arguments);
        }

        ArgumentFault fault = ArgumentMemfd.TryReadSealed(packet.Fds[0], caller.Size, out byte[][] words);
        if (fault != ArgumentFault.None)
        {
            throw new ServiceException($"bad arguments from {PeerName}: {fault}");
        }

        ServiceArguments arguments = ServiceArguments.Parse(words);
        if (arguments.Type != hello.Type)
        {
            throw new ServiceException($"the mounter said hello to '{hello.Type}' and sent arguments for '{arguments.Type}'");
        }

        return new ServiceGreeting
        {
            Arguments = arguments,
            Caller = new CallerIdentity(caller.CallerUid, caller.CallerGid, caller.Groups, caller.Flags),
            MounterNamespaces = hello.Namespaces,
            CpuCount = (int)Math.Clamp(hello.CpuCount, 1, MaxCpus),
            PossibleCpus = hello.PossibleCpus > MaxCpus ? 0 : (int)hello.PossibleCpus,
            ArgumentMemfd = packet.Fds.Take(0),
        };
    }

    private static string Reason(Errno error, string reason) => reason.Length > 0 ? reason : error.ToString();

    private static OwnedFd[] TakeAll(FdList fds)
    {
        OwnedFd[] taken = new OwnedFd[fds.Count];
        for (int i = 0; i < taken.Length; i++)
        {
            taken[i] = fds.Take(i);
        }

        return taken;
    }
}
