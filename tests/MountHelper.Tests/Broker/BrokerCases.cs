using ServiceHost.MountProtocol;

namespace MountHelper.Tests;

/// <summary>The broker battery, by what is attacked.</summary>
internal static partial class BrokerCases
{
    public static IEnumerable<BrokerCase> All =>
        [.. Callers(), .. Packets(), .. Descriptors(), .. Mountpoints(), .. Options(), .. Policies(), .. Servers(), .. Unmounts()];

    private static IEnumerable<BrokerCase> Callers()
    {
        static BrokerAnswer Good(BrokerStage stage) => stage.AskWith(stage.Mountpoint, stage.Reading, stage.Writing);
        yield return new BrokerCase("is root", Rule.BrokerIsForUsers, "root mounts without the broker", Good) { Uid = 0 };
        yield return new BrokerCase("has an id of a server", Rule.BrokerIsForUsers, "uid 1879048197 is a server's",
            static stage => stage.Ask(stage.Unmount.Encode())) { Uid = 0x70000005 };
        yield return new BrokerCase("has the joiner's id", Rule.BrokerIsForUsers, "uid 2147418112 is a server's",
            static stage => stage.Ask(stage.Unmount.Encode())) { Uid = 0x7FFF0000 };
        yield return new BrokerCase("has eight conversations already", Rule.ConversationsAreBounded, "uid 1000 has 8 conversations", static stage =>
        {
            List<ServiceHost.Linux.SeqpacketSocket> sockets = [.. Enumerable.Range(0, 16).Select(_ => stage.Connect())];
            Wait.For("eight of sixteen to be turned away", () => sockets.Count(BrokerStage.HasAnswer) >= 8);
            Assert.False(Wait.Until(() => sockets.Count(BrokerStage.HasAnswer) > 8, TimeSpan.FromMilliseconds(500)));
            List<BrokerAnswer> refused = [.. sockets.Where(BrokerStage.HasAnswer).Select(BrokerStage.Receive)];
            Assert.Equal(8, refused.Count);
            return refused[0];
        });
        yield return new BrokerCase("says nothing", Rule.SilenceEndsIt, "the caller said nothing for 10 s", static stage => BrokerStage.Receive(stage.Connect()));
        yield return new BrokerCase("ends its sending without a word", Rule.SilenceEndsIt, "the caller hung up without a word", static stage =>
        {
            ServiceHost.Linux.SeqpacketSocket socket = stage.Connect();
            Assert.True(socket.EndSending().IsOk);
            return BrokerStage.Receive(socket);
        });
    }

    private static IEnumerable<BrokerCase> Packets()
    {
        yield return Packet("sends garbage", "the request is none", static stage => "garbage, and more of it"u8.ToArray());
        yield return Packet("sends one byte", "the request is none", static stage => [66]);
        yield return Packet("sends a tag alone", "the request is none", static stage => "BRKM"u8.ToArray());
        yield return Packet("sends a message of the servers' protocol", "the request is none", static stage => new Hello(1, 1, 0, 1, 2, 1, "calm").Encode());
        yield return Packet("speaks version 2", "speaks version 1 and the request is of version 2", static stage => Changed(stage, 5, 2));
        yield return Packet("speaks version 0", "the request is of version 0", static stage => Changed(stage, 5, 0));
        yield return Packet("sets a reserved field", "the request to mount is malformed", static stage => Changed(stage, 7, 1));
        yield return Packet("sets an unknown flag", "the request to mount is malformed", static stage => Changed(stage, 8, 0x80));
        yield return Packet("sends an errno that is none", "the request to mount is malformed", static stage => Changed(stage, 12, 0xff));
        yield return Packet("sends half a request", "the request to mount is malformed", static stage => stage.Mount.Encode()[..40]);
        yield return Packet("sends a byte too many", "the request to mount is malformed", static stage => [.. stage.Mount.Encode(), 0]);
        yield return Packet("names a type that is a path", "the request to mount is malformed", static stage => Typed(stage, "../x"));
        yield return Packet("names a type that is no ASCII", "the request to mount is malformed", static stage => Typed(stage, "c\u00e4lm"));
        yield return Packet("names no mountpoint", "the request to mount is malformed", static stage => (stage.Mount with { Mountpoint = [] }).Encode());
        yield return Packet("puts a NUL into a path", "the request to mount is malformed", static stage => (stage.Mount with { Mountpoint = "a\0b"u8.ToArray() }).Encode());
        yield return Packet("names a SOURCE that is too long", "the request to mount is malformed", static stage => (stage.Mount with { Source = new byte[5000] }).Encode());
        yield return Packet("sends too many options", "the request to mount is malformed",
            static stage => (stage.Mount with { Options = BrokerStage.Bytes(new string('a', 20_000)) }).Encode());
        yield return Packet("says there is a SOURCE and names none", "the request to mount is malformed", static stage => (stage.Mount with { Source = [] }).Encode());
        yield return Packet("sends more than fits into a packet", "longer than 65536 bytes", static stage => new byte[70_000]);
        yield return Bounded("sends no descriptor", "came with 0 descriptors", 0);
        yield return Bounded("sends a descriptor too few", "came with 2 descriptors", 2);
        yield return Bounded("sends a descriptor that it did not announce", "came with 4 descriptors", 4);
        yield return Bounded("sends five descriptors", "more than 4 descriptors", 5);
        yield return Bounded("sends 250 descriptors", "more than 4 descriptors", 250);
    }

    private static BrokerCase Packet(string name, string problem, Func<BrokerStage, byte[]> packet) => new(
        name, Rule.RequestsAreWellFormed, problem, stage => stage.Ask(packet(stage), stage.Mountpoint, stage.Reading, stage.Writing));

    private static BrokerCase Bounded(string name, string problem, int fds) => new(
        name, Rule.RequestsAreWellFormed, problem, stage => stage.Ask(stage.Mount.Encode(), [.. Enumerable.Range(0, fds).Select(_ => stage.Reading)]));

    private static byte[] Changed(BrokerStage stage, int index, byte value)
    {
        byte[] packet = stage.Mount.Encode();
        packet[index] = value;
        return packet;
    }

    private static byte[] Typed(BrokerStage stage, string type)
    {
        byte[] packet = stage.Mount.Encode();
        System.Text.Encoding.Latin1.GetBytes(type).CopyTo(packet, 22);
        return packet;
    }
}
