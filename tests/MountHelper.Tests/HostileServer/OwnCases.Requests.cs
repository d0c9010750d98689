using ServiceHost.Linux;
using ServiceHost.MountProtocol;

namespace MountHelper.Tests;

internal static partial class OwnCases
{
    private static IEnumerable<HostileCase> Requests()
    {
        yield return Afterwards("sends two bytes", Rule.MessagesComeInOrder, "the server sent a packet of 2 bytes", [1, 2]);
        yield return Afterwards("sends an unknown message", Rule.MessagesComeInOrder,
            "the server sent XYZQ, which has no place before the mount request", ServerEnd.Packet("XYZQ"));
        yield return Afterwards("sends letters that are none", Rule.MessagesComeInOrder,
            "the server sent 0x1b5b324a, which has no place before the mount request", [0x1b, 0x5b, 0x32, 0x4a]);
        yield return Afterwards("says hello twice", Rule.MessagesComeInOrder,
            "the server sent OLEH, which has no place before the mount request", ServerEnd.Packet("OLEH", 0x00010000, 0));
        yield return Afterwards("speaks v1 on the own socket", Rule.MessagesComeInOrder,
            "the server sent OPEN, which has no place before the mount request",
            new V1OpenCommand(false, 0, 0, V1OpenFlags.None, 0, "/etc/shadow"u8.ToArray()).Encode());
        yield return Afterwards("sends a packet that is too large", Rule.PacketsAreBounded,
            "the server sent a packet of more than 65536 bytes", new byte[70000]);
        yield return Afterwards("asks for a role that is a path", Rule.MessagesAreWellFormed, "the server sent a malformed ROLE",
            [.. ServerEnd.Packet("ROLE", 7, 0, 0), 0, 9, .. "../../etc"u8]);
        yield return Afterwards("asks for a role of no kind", Rule.MessagesAreWellFormed, "the server sent a malformed ROLE",
            [.. ServerEnd.Packet("ROLE", 0, 0, 0), 0, 6, .. "source"u8]);
        yield return Afterwards("asks for a kind that nobody knows", Rule.MessagesAreWellFormed, "the server sent a malformed ROLE",
            [.. ServerEnd.Packet("ROLE", 0x80, 0, 0), 0, 6, .. "source"u8]);
        yield return Afterwards("asks with bytes left over", Rule.MessagesAreWellFormed, "the server sent a malformed ROLE",
            [.. ServerEnd.Packet("ROLE", 7, 0, 0), 0, 6, .. "source!"u8]);
        yield return Afterwards("asks with a length that lies", Rule.MessagesAreWellFormed, "the server sent a malformed ROLE",
            [.. ServerEnd.Packet("ROLE", 7, 0, 0), 0, 60, .. "source"u8]);
        yield return Afterwards("sends half a note", Rule.MessagesAreWellFormed, "the server sent a malformed NOTE", ServerEnd.Packet("NOTE", 1));
        yield return Own("asks for a role that nobody assigned", Rule.RolesAreAssigned,
            "the server asked for the role \"journal\", which nothing is assigned to", static server =>
        {
            server.Greet();
            Assert.Equal(Errno.ENOENT, server.Ask("journal").Error);
            server.SayGoodbye(1, "no journal");
        });
        yield return Own("asks for the same role twice", Rule.RolesAreAskedOnce, "the server asked for the role \"source\" twice", static server =>
        {
            server.Greet();
            server.Ask("source");
            server.Say(new RoleRequest(SourceKinds.All, SourceAccess.Read, RoleFlags.None, "source").Encode());
        }) with { Granted = 1 };
        yield return Own("asks for nine roles", Rule.RequestsAreBounded, "the server asked for more than 8 roles", static server =>
        {
            server.Greet();
            for (int i = 0; i < 8; i++)
            {
                server.Ask($"role{i}", flags: RoleFlags.Optional);
            }

            server.Say(new RoleRequest(SourceKinds.All, SourceAccess.Read, RoleFlags.Optional, "role8").Encode());
        });
        yield return Own("sends seventeen notes", Rule.RequestsAreBounded, "the server sent more than 16 notes", static server =>
        {
            server.Greet();
            for (int i = 0; i < 17; i++)
            {
                server.Send(new Note(NoteLevel.Verbose, "note").Encode());
            }
        });
        yield return Own("wants a directory where a file is", Rule.KindIsAsAsked, "{src} is a regular file, which liar cannot use", static server =>
        {
            server.Greet();
            Assert.Equal(Errno.EINVAL, server.Ask("source", SourceKinds.Directory).Error);
            server.SayGoodbye(1);
        });
        yield return Denied("is given a FIFO", "fifo", static sandbox => sandbox.Shell($"mkfifo {sandbox.In("fifo")}").Succeeded());
        yield return Denied("is given a character device", "chr", static sandbox => sandbox.Shell($"mknod {sandbox.In("chr")} c 1 3").Succeeded());
        yield return Pushes("pushes a descriptor with its hello", "its answer to our hello", static server =>
        {
            server.ReceiveHello();
            server.Push(ServerEnd.Packet("OLEH", 0x00010000, 0));
        });
        yield return Pushes("pushes a descriptor before hello", "its answer to our hello", static server =>
        {
            server.Push("GIFT"u8);
            server.ReceiveHello();
        });
        yield return Pushes("pushes a descriptor with its request", "its mount request", static server =>
        {
            server.Greet();
            server.Push(ServerEnd.Packet("MNTR", 0, 0x4000, 0, 0, 1));
        });
    }

    /// <summary>The packet never arrives, so what the Mounter sees is a server that goes away.</summary>
    private static HostileCase Pushes(string name, string awaited, Action<ServerEnd> script) =>
        Own(name, Rule.ServerSendsNoDescriptors, $"the server ended without a goodbye (waiting for {awaited})", script)
            with { Shown = Rule.EndsWithGoodbye };

    private static HostileCase Afterwards(string name, Rule rule, string problem, byte[] packet) => Own(name, rule, problem, server =>
    {
        server.Greet();
        server.Say(packet);
    });

    private static HostileCase Denied(string name, string source, Action<MountSandbox> prepare) => Own(
        name, Rule.OnlyFilesDevicesDirectories, "{src} is neither a regular file nor a block device nor a directory", static server =>
    {
        server.Greet();
        Assert.Equal(Errno.EACCES, server.Ask("source").Error);
        server.SayGoodbye(1);
    }) with { Source = source, Prepare = prepare };
}
