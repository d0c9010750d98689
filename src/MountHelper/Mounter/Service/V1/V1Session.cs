using MountHelper.Registry;
using ServiceHost.Linux;
using ServiceHost.MountProtocol;

namespace MountHelper;

/// <summary>
/// The helper's side of libfuse's service protocol v1, with what its own helper lacks: phases (files only before TYPE, everything
/// once, goodbye only after a mount), a deadline, an allow-list of one path, and the attach at the goodbye.
/// </summary>
internal sealed partial class V1Session(MountPlan plan, ServicePolicy policy, MountRegistry registry, Conversation conversation) : IDisposable
{
    private readonly V1Opener _opener = new(plan, policy);
    private readonly HashSet<Tag> _seen = [];
    private OwnedFd? _serversDevice;
    private MountReservation? _reservation;
    private V1KernelOptions _options = V1KernelOptions.None;
    private PendingMount? _mount;
    private Denial? _denial;
    private bool _fuseBlk;
    private bool _noUtab;
    private string _unit = "";
    private int _files;

    public void Run()
    {
        SayHello();
        SendFiles();
        bool ended = false;
        while (!ended)
        {
            using ReceivedPacket packet = conversation.Receive(_mount is null ? "its mount request" : "its goodbye");
            ended = Handle(packet.Bytes);
        }
    }

    public void Dispose()
    {
        _mount?.Dispose();
        _serversDevice?.Dispose();
        _reservation?.Dispose();
        _opener.Dispose();
    }

    private bool Handle(ReadOnlySpan<byte> packet)
    {
        packet.TryReadTag(out Tag tag);
        CheckPhase(tag, packet.Length);
        switch (tag)
        {
            case Tag.V1Open or Tag.V1OpenBlock:
                AnswerOpen(packet, tag);
                return false;
            case Tag.V1Fsopen:
                ChooseType(packet);
                return false;
            case Tag.V1Source or Tag.V1Options or Tag.V1MtabOptions:
                TakeString(packet, tag);
                return false;
            case Tag.V1Mountpoint:
                CheckMountpoint(packet);
                return false;
            case Tag.V1Mount:
                MakeMount(packet);
                return false;
            default:
                End(packet);
                return true;
        }
    }

    /// <summary>Files, then TYPE, then the description of the mount in any order, then DOIT; everything but files at most once.</summary>
    private void CheckPhase(Tag tag, int length)
    {
        bool typed = _seen.Contains(Tag.V1Fsopen);
        bool inPlace = tag switch
        {
            Tag.V1Open or Tag.V1OpenBlock => !typed,
            Tag.V1Fsopen => true,
            Tag.V1Source or Tag.V1Mountpoint or Tag.V1Options or Tag.V1MtabOptions => typed && _mount is null,
            Tag.V1Mount => _seen.Contains(Tag.V1Source) && _seen.Contains(Tag.V1Mountpoint),
            Tag.V1Goodbye => true,
            _ => false,
        };
        bool again = !_seen.Add(tag) && tag is not (Tag.V1Open or Tag.V1OpenBlock);
        MountFailedException.ThrowIfBroken(Rule.MessagesComeInOrder, !inPlace || again, length < sizeof(uint)
            ? $"the server sent a packet of {length} bytes"
            : $"the server sent {tag.ToWireText()}{(again ? " again" : "")}, which has no place here");
    }

    private void SayHello()
    {
        V1HelloFlags flags = plan.Caller.IsRoot ? V1HelloFlags.All : V1HelloFlags.None;
        conversation.Send(new V1Hello(ProtocolVersion.V1, ProtocolVersion.V1, flags).Encode());
        using ReceivedPacket packet = conversation.Receive("its answer to our hello");
        MountFailedException.ThrowIfBroken(Rule.MessagesAreWellFormed, !V1HelloReply.TryDecode(packet.Bytes, out V1HelloReply reply),
            "the server did not answer our hello in this protocol");
        MountFailedException.ThrowIfBroken(Rule.VersionIsOurs, reply.Version != ProtocolVersion.V1,
            $"the server speaks version {reply.Version} of the protocol and this program version {ProtocolVersion.V1}");
        _unit = ServerUnit.Of(packet.Sender);
        UnitLimits.Apply(plan.Caller, policy, _unit);
        if (plan.Sloppy)
        {
            plan.Say("v1 has no word for -s: the server refuses options that it does not know");
        }
    }

    /// <summary>
    /// The device the server gets now is not the one that the mount will be made with: a server could switch on INIT-while-mounting on
    /// it and let our mount call wait for ever. It is bound to the connection after the mount exists.
    /// </summary>
    private void SendFiles()
    {
        using OwnedFd memfd = ServiceArguments.Make(plan, Words(), out _);
        conversation.Send(new V1File(Errno.None, V1File.Argv.ToArray()).Encode(), memfd);
        _serversDevice = FuseDevice.Open();
        conversation.Send(new V1File(Errno.None, V1File.FuseDevice.ToArray()).Encode(), _serversDevice);
    }

    /// <summary>libfuse's servers take the kernel's options from their command line, so they are all said here.</summary>
    private IEnumerable<byte[]> Words()
    {
        List<string> words = [.. plan.Options.Flags.ToServiceWords()];
        if (plan.AllowOther)
        {
            words.Add("allow_other");
        }

        if (plan.DefaultPermissions)
        {
            words.Add("default_permissions");
        }

        return words.Select(System.Text.Encoding.ASCII.GetBytes).Concat(plan.Options.ServerWords.Select(static word => word.Text.ToArray()));
    }

    private void AnswerOpen(ReadOnlySpan<byte> packet, Tag tag)
    {
        V1OpenCommand command = default;
        MountFailedException.ThrowIfBroken(Rule.MessagesAreWellFormed, !V1OpenCommand.TryDecode(packet, out command), Malformed(tag));
        MountFailedException.ThrowIfBroken(Rule.RequestsAreBounded, ++_files > Limits.Files,
            $"the server asked for more than {Limits.Files} files");
        Denial? denial = _opener.Answer(command, out OwnedFd? opened);
        if (denial is null)
        {
            plan.Say($"granted {DisplayText.FromBytes(command.Path)}");
            conversation.Send(new V1File(Errno.None, command.Path).Encode(), opened!);
            return;
        }

        Deny(denial, command.RequestFlags.HasFlag(V1OpenFlags.Quiet));
        conversation.Send(new V1File(denial.Errno, command.Path).Encode());
    }

    private void Deny(Denial denial, bool quiet = false)
    {
        _denial = quiet ? _denial : denial;
        plan.Say($"denied: {denial.Reason}");
    }

    private void Reply(Errno errno) => conversation.Send(new V1Reply(errno).Encode());

    private static string Malformed(Tag tag) => $"the server sent a malformed {tag.ToWireText()}";
}
