using ServiceHost.MountProtocol;

namespace MountHelper.Tests;

/// <summary>The own dialect, spoken wrongly.</summary>
internal static partial class OwnCases
{
    public static IEnumerable<HostileCase> All =>
        Hello().Concat(Requests()).Concat(Mounts()).Concat(Goodbyes()).Concat(Silence()).Concat(Deaths());

    private static HostileCase Own(string name, Rule rule, string problem, Action<ServerEnd> script) =>
        new($"(own) {name}", rule, problem, stage => script(stage.Server)) { Own = true };

    private static IEnumerable<HostileCase> Hello()
    {
        const string NotOurs = "the server did not answer our hello in this protocol";
        yield return Hello("answers hello with garbage", NotOurs, "??!!"u8.ToArray());
        yield return Hello("answers hello with half a message", NotOurs, ServerEnd.Packet("OLEH", 0x00010000)[..7]);
        yield return Hello("answers hello with a message too long", NotOurs, ServerEnd.Packet("OLEH", 0x00010000, 0, 0));
        yield return Hello("sets a reserved field of its hello", NotOurs, ServerEnd.Packet("OLEH", 0x00010001, 0));
        yield return Hello("answers hello in the words of v1", NotOurs, ServerEnd.Packet("LAST", 0x00010000));
        yield return Own("speaks version 2", Rule.VersionIsOurs, "the server speaks version 2 of the protocol", server =>
        {
            server.ReceiveHello();
            server.Say("OLEH", 0x00020000, 0);
        });
        yield return Own("runs as root", Rule.JoinerIsNeitherRootNorAMount, "the server runs as uid 0", static server => server.SayHello())
            with { Uid = 0 };
        yield return Own("runs with an id of a mount", Rule.JoinerIsNeitherRootNorAMount, "the server runs as uid 1879048197",
            static server => server.SayHello()) with { Uid = 0x70000005 };
        yield return Own("hands the socket to another uid", Rule.SenderStaysTheServer,
            "a packet came from uid 5555, which is not the server's", static server =>
        {
            server.Greet();
            ServiceListener.BecomeUid(5555);

            // One packet: the Mounter hangs up after it, and a second would sometimes find nobody.
            server.Attest();
        });
    }

    private static HostileCase Hello(string name, string problem, byte[] answer) =>
        Own(name, Rule.MessagesAreWellFormed, problem, server =>
        {
            server.ReceiveHello();
            server.Say(answer);
        });

    private static IEnumerable<HostileCase> Silence()
    {
        const string Late = "the server did not answer within 3 s (waiting for ";
        yield return Silent("is silent after connecting", Late + "its answer to our hello)", static _ => { });
        yield return Silent("is silent after hello", Late + "its mount request)", static server => server.Greet());
        yield return Silent("is silent after a grant", Late + "its mount request)", static server =>
        {
            server.Greet();
            server.Ask("source");
        }) with { Granted = 1 };
        yield return Silent("is silent before INIT", Late + "its goodbye)", static server =>
        {
            server.Greet();
            server.Mount();
        });
        yield return Silent("is silent after INIT", Late + "its goodbye)", static server => server.MountProperly());
        yield return Own("trickles notes", Rule.OneDeadline, Late + "its mount request)", static server =>
        {
            server.Greet();
            while (server.Send(new Note(NoteLevel.Verbose, "still here").Encode()).IsOk && !server.Pauses(300))
            {
                // Until the Mounter has had enough.
            }
        }) with { Options = "mount_timeout=3" };
    }

    private static HostileCase Silent(string name, string problem, Action<ServerEnd> before) => Own(name, Rule.OneDeadline, problem, server =>
    {
        before(server);
        server.WaitForHangUp();
    }) with { Options = "mount_timeout=3" };

    private static IEnumerable<HostileCase> Deaths()
    {
        const string Gone = "the server ended without a goodbye (waiting for ";
        yield return Dies("dies after connecting", Gone + "its answer to our hello)", static server => server.ReceiveHello());
        yield return Dies("dies after hello", Gone + "its mount request)", static server => server.Greet());
        yield return Dies("sends an empty packet", Gone + "its mount request)", static server =>
        {
            server.Greet();
            server.Send([]);
        });
        yield return Dies("dies after a grant", Gone + "its mount request)", static server =>
        {
            server.Greet();
            server.Ask("source");
        }) with { Granted = 1 };
        yield return Dies("dies after the grant of a directory", Gone + "its mount request)", static server =>
        {
            server.Greet();
            server.Ask("source");
        }) with { Granted = 3, Source = "src" };
        yield return Dies("dies before INIT", Gone + "its goodbye)", static server =>
        {
            server.Greet();
            server.Mount(devices: 4);
        });
        yield return Dies("dies after INIT", Gone + "its goodbye)", static server => server.MountProperly());
    }

    private static HostileCase Dies(string name, string problem, Action<ServerEnd> script) =>
        Own(name, Rule.EndsWithGoodbye, problem, script);
}
