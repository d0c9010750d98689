using MountHelper.Keeper;
using ServiceHost.Linux;
using ServiceHost.MountProtocol;

namespace Keeper.Tests;

internal static class TalkCases
{
    public static IReadOnlyList<TalkCase> All { get; } =
    [
        // Out of turn.
        new("registers before it has said hello", KeeperRule.HelloComesFirst,
            static stage => stage.Server.Say(KeeperMessage.Register, File(stage))) { Greets = false },
        new("releases before it has said hello", KeeperRule.HelloComesFirst,
            static stage => stage.Server.Say(KeeperMessage.Release(1))) { Greets = false },
        new("says goodbye before it has said hello", KeeperRule.HelloComesFirst,
            static stage => stage.Server.Say(KeeperMessage.Goodbye)) { Greets = false },
        new("says hello twice", KeeperRule.HelloComesFirst, static stage => stage.Server.Say(KeeperMessage.Hello)),

        // No message.
        new("sends letters that are no tag", KeeperRule.MessagesAreKnown, static stage => stage.Server.Say(Packet("WHAT"))),
        new("sends zeros", KeeperRule.MessagesAreKnown, static stage => stage.Server.Say(new byte[KeeperMessage.Size])),
        new("sends noise", KeeperRule.MessagesAreKnown, static stage => stage.Server.Say(Noise(KeeperMessage.Size))),
        new("sends a message of the mount protocol", KeeperRule.MessagesAreKnown, static stage => stage.Server.Say(Packet("MNTR"))),
        new("assigns", KeeperRule.MessagesAreKnown, static stage => stage.Server.Say(Packet("KEEP"))),
        new("speaks another version", KeeperRule.MessagesAreKnown,
            static stage => stage.Server.Say(KeeperMessage.Hello with { Value = 2 })) { Greets = false },
        new("fills what a registration has no use for", KeeperRule.MessagesAreKnown,
            static stage => stage.Server.Say(KeeperMessage.Register with { Value = 1 }, File(stage))),
        new("fills what a goodbye has no use for", KeeperRule.MessagesAreKnown,
            static stage => stage.Server.Say(KeeperMessage.Goodbye with { Extra = 1 })),
        new("releases an id that cannot be", KeeperRule.MessagesAreKnown, static stage => stage.Server.Say(KeeperMessage.Release(0))),
        new("releases a negative id", KeeperRule.MessagesAreKnown, static stage => stage.Server.Say(KeeperMessage.Release(-1))),
        new("gives the keeper's own answer", KeeperRule.MessagesAreKnown, static stage => stage.Server.Say(KeeperMessage.Answer(1))),
        new("answers hello itself", KeeperRule.HelloComesFirst, static stage => stage.Server.Say(KeeperMessage.HelloReply(1))) { Greets = false },

        // Of another size.
        new("sends one byte", KeeperRule.MessagesAreKnown, static stage => stage.Server.Say([(byte)'R'])),
        new("sends a byte too few", KeeperRule.MessagesAreKnown, static stage => stage.Server.Say(Register()[..^1])),
        new("sends a byte too many", KeeperRule.PacketsAreSmall, static stage => stage.Server.Say([.. Register(), 0])),
        new("sends as much as fits", KeeperRule.PacketsAreSmall, static stage => stage.Server.Say(Noise(64 * 1024))),
        new("sends a descriptor with more than fits", KeeperRule.PacketsAreSmall, static stage => stage.Server.Say(Noise(4096), File(stage))),

        // Descriptors that were not announced.
        new("registers nothing", KeeperRule.DescriptorsAreExpected, static stage => stage.Server.Say(KeeperMessage.Register)),
        new("sends a descriptor with hello", KeeperRule.DescriptorsAreExpected,
            static stage => stage.Server.Say(KeeperMessage.Hello, File(stage))) { Greets = false },
        new("sends a descriptor with a release", KeeperRule.DescriptorsAreExpected,
            static stage => stage.Server.Say(KeeperMessage.Release(1), File(stage))),
        new("sends a descriptor with goodbye", KeeperRule.DescriptorsAreExpected,
            static stage => stage.Server.Say(KeeperMessage.Goodbye, File(stage))),
        new("registers two at once", KeeperRule.DescriptorsAreExpected,
            static stage => stage.Server.Say(KeeperMessage.Register, File(stage), File(stage))),
        new("registers as many at once as a message carries", KeeperRule.DescriptorsAreExpected,
            static stage => stage.Server.Say(KeeperMessage.Register, [.. Enumerable.Repeat(File(stage), 253)])),

        // Floods.
        new("asks and asks and reads nothing", KeeperRule.AnswersAreRead, static stage => Flood(stage, KeeperMessage.Release(77))),
    ];

    private static OwnedFd File(KeeperStage stage) => stage.Open(stage.ReadWrite, "file", OpenFlags.ReadWrite);

    private static byte[] Register()
    {
        byte[] packet = new byte[KeeperMessage.Size];
        KeeperMessage.Register.Encode(packet);
        return packet;
    }

    private static byte[] Packet(string tag)
    {
        byte[] packet = new byte[KeeperMessage.Size];
        System.Text.Encoding.ASCII.GetBytes(tag, packet);
        return packet;
    }

    private static byte[] Noise(int size)
    {
        byte[] packet = new byte[size];
        new Random(size).NextBytes(packet);
        return packet;
    }

    /// <summary>Until the keeper hangs up; when the queue to it is full for a moment it is tried again.</summary>
    private static void Flood(KeeperStage stage, KeeperMessage message)
    {
        byte[] packet = new byte[KeeperMessage.Size];
        message.Encode(packet);
        Wait.For("the keeper to hang up", () =>
        {
            Errno errno = Errno.None;
            while (errno.IsOk)
            {
                errno = stage.Server.SayNow(packet);
            }

            return errno != Errno.EAGAIN;
        });
    }
}
