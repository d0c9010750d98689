using MountHelper.Registry;
using ServiceHost.Linux;
using ServiceHost.MountProtocol;

namespace MountHelper;

/// <summary>
/// The Mounter's side of the own dialect (docs/mount-protocol.md): HELO/OLEH, ARGV, then requests as they come, and at GBYE(0) the
/// attach. What is not in its place ends the conversation with the rule that was broken; Dispose is the roll-back.
/// </summary>
internal sealed partial class OwnSession(MountPlan plan, ServicePolicy policy, MountRegistry registry, Conversation conversation) : IDisposable
{
    private readonly RoleGranter _granter = new(plan, policy, registry);
    private readonly HashSet<string> _roles = [];
    private readonly List<OwnedFd> _devices = [];
    private ServerProcess _server = null!;
    private PendingMount? _mount;
    private Denial? _denial;
    private Attested? _attested;
    private KeeperLink? _keeper;
    private int _notes;

    public void Run()
    {
        SayHello();
        SendArguments();
        bool ended = false;
        while (!ended)
        {
            using ReceivedPacket packet = conversation.Receive(_mount is null ? "its mount request" : "its goodbye");
            _server.Check(packet.Sender, _granter.Range);
            ended = Handle(packet.Bytes);
        }
    }

    public void Dispose()
    {
        _mount?.Dispose();
        _devices.ForEach(static device => device.Dispose());
        _keeper?.Dispose();
        _granter.Dispose();
    }

    private bool Handle(ReadOnlySpan<byte> packet)
    {
        packet.TryReadTag(out Tag tag);
        switch (tag)
        {
            case Tag.Role when _mount is null:
                AnswerRole(packet);
                return false;
            case Tag.Attested when _mount is null && _attested is null:
                TakeAttestation(packet);
                return false;
            case Tag.Mount when _mount is null:
                MakeMount(packet);
                return false;
            case Tag.Note:
                ShowNote(packet);
                return false;
            case Tag.Goodbye:
                End(packet);
                return true;
            default:
                throw OutOfPlace(tag, packet.Length);
        }
    }

    private void SayHello()
    {
        HelloFeatures features = plan.Caller.IsRoot
            ? HelloFeatures.AllowOther | HelloFeatures.Fuseblk | HelloFeatures.CallerRoot | HelloFeatures.Loop
            : plan.AllowOther ? HelloFeatures.AllowOther : HelloFeatures.None;
        HelloFeatures keeper = plan.Options.MayPassThrough ? HelloFeatures.Keeper : HelloFeatures.None;
        Hello hello = new(
            ProtocolVersion.Own, ProtocolVersion.Own, features | keeper, (uint)conversation.Deadline.Remaining.TotalMilliseconds,
            ServerProcess.DefaultJoinerUid, (uint)Environment.ProcessorCount, plan.Type.Name)
        {
            Namespaces = NamespaceIds.ReadOwn(),
            PossibleCpus = (uint)Processors.Possible,
        };
        conversation.Send(hello.Encode());
        using ReceivedPacket packet = conversation.Receive("its answer to our hello");
        MountFailedException.ThrowIfBroken(Rule.MessagesAreWellFormed, !HelloReply.TryDecode(packet.Bytes, out HelloReply reply),
            "the server did not answer our hello in this protocol");
        MountFailedException.ThrowIfBroken(Rule.VersionIsOurs, reply.Version != ProtocolVersion.Own,
            $"the server speaks version {reply.Version} of the protocol and this program version {ProtocolVersion.Own}",
            "install the two from the same release");
        _server = ServerProcess.Of(packet.Sender);
        UnitLimits.Apply(plan.Caller, policy, _server.Unit);

        _granter.Keeper = _keeper = reply.Features.HasFlag(keeper) && keeper != 0 ? KeeperConnector.Prepare(plan) : null;
    }

    private void SendArguments()
    {
        ArgumentFlags flags = (plan.Options.ReadOnly ? ArgumentFlags.ReadOnly : 0)
            | (plan.Verbose ? ArgumentFlags.Verbose : 0)
            | (plan.Options.Flags.HasFlag(VfsFlags.NoSuid) ? 0 : ArgumentFlags.Suid)
            | (plan.Options.Flags.HasFlag(VfsFlags.NoDev) ? 0 : ArgumentFlags.Dev)
            | (plan.Sloppy ? ArgumentFlags.Sloppy : 0);
        using OwnedFd memfd = ServiceArguments.Make(plan, plan.Options.ServerWords.Select(static word => word.Text.ToArray()), out uint size);
        uint[] groups = [.. plan.Caller.Groups.Take(Limits.Groups)];
        conversation.Send(new CallerArguments(plan.Caller.Uid, plan.Caller.Gid, flags, size, groups).Encode(), memfd);
    }

    private void AnswerRole(ReadOnlySpan<byte> packet)
    {
        RoleRequest request = default;
        MountFailedException.ThrowIfBroken(Rule.MessagesAreWellFormed, !RoleRequest.TryDecode(packet, out request), Malformed(Tag.Role));
        MountFailedException.ThrowIfBroken(Rule.RequestsAreBounded, _roles.Count == Limits.Roles,
            $"the server asked for more than {Limits.Roles} roles");
        MountFailedException.ThrowIfBroken(Rule.RolesAreAskedOnce, !_roles.Add(request.Role),
            $"the server asked for the role \"{request.Role}\" twice");
        Denial? denial = _granter.Answer(request, _server, conversation.Deadline, out Grant grant, out OwnedFd[] fds);
        if (denial is null)
        {
            plan.Say($"granted {request.Role}: {grant.Kind}, {grant.Access}");
            conversation.Send(grant.Encode(), fds);
            return;
        }

        _denial ??= request.Flags.HasFlag(RoleFlags.Optional) ? null : denial;
        plan.Say($"denied {request.Role}: {denial.Reason}");
        conversation.Send(new Grant { Error = denial.Errno, Reason = denial.Reason }.Encode());
    }

    private void TakeAttestation(ReadOnlySpan<byte> packet)
    {
        Attested attested = default;
        MountFailedException.ThrowIfBroken(
            Rule.MessagesAreWellFormed, !Attested.TryDecode(packet, out attested), Malformed(Tag.Attested));
        _attested = attested;
        string missing = attested.Text.Length > 0 ? $" (missing: {attested.Text})" : "";
        plan.Say($"the server attests containment {LevelRequirement.NameOf(attested.Level)}{missing}, {LevelRequirement.NameOf(policy.Require)} is required");
    }

    private void ShowNote(ReadOnlySpan<byte> packet)
    {
        Note note = default;
        MountFailedException.ThrowIfBroken(Rule.MessagesAreWellFormed, !Note.TryDecode(packet, out note), Malformed(Tag.Note));
        MountFailedException.ThrowIfBroken(Rule.RequestsAreBounded, ++_notes > Limits.Notes,
            $"the server sent more than {Limits.Notes} notes");
        if (note.Level == NoteLevel.Warning || plan.Verbose)
        {
            plan.Show($"{plan.Type.Name}: {note.Text}");
        }
    }

    private MountFailedException OutOfPlace(Tag tag, int length) => new(new MountFailure(length < sizeof(uint)
        ? $"the server sent a packet of {length} bytes"
        : $"the server sent {tag.ToWireText()}, which has no place {(_mount is null ? "before" : "after")} the mount request")
    {
        Rule = Rule.MessagesComeInOrder,
    });

    private static string Malformed(Tag tag) => $"the server sent a malformed {tag.ToWireText()}";
}
