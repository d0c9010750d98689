using ServiceHost.MountProtocol;

namespace MountHelper.Tests;

internal static partial class OwnCases
{
    private static IEnumerable<HostileCase> Mounts()
    {
        yield return Afterwards("wants a mount without devices", Rule.MessagesAreWellFormed, "the server sent a malformed MNTR",
            ServerEnd.Packet("MNTR", 0, 0x4000, 0, 0, 0));
        yield return Afterwards("wants 65 devices", Rule.MessagesAreWellFormed, "the server sent a malformed MNTR",
            ServerEnd.Packet("MNTR", 0, 0x4000, 0, 0, 65));
        yield return Afterwards("wants a socket as root", Rule.MessagesAreWellFormed, "the server sent a malformed MNTR",
            ServerEnd.Packet("MNTR", 0, 0xC000, 0, 0, 1));
        yield return Afterwards("mounts with a flag that nobody knows", Rule.MessagesAreWellFormed, "the server sent a malformed MNTR",
            ServerEnd.Packet("MNTR", 0x40, 0x4000, 0, 0, 1));
        yield return Afterwards("mounts a file on a directory", Rule.RootFitsMountpoint,
            "{mnt} is a directory and the root of this filesystem is a file", ServerEnd.Packet("MNTR", 0, 0x8000, 0, 0, 1));
        yield return Own("mounts fuseblk over an image", Rule.FuseblkNeedsRootAndDevice,
            "the server asked for a fuseblk mount without a block device that root gave it", static server =>
        {
            server.Greet();
            server.Ask("source");
            server.AskForMount(flags: MountRequestFlags.Fuseblk);
        }) with { Granted = 1 };
        yield return Own("does not attest its containment", Rule.ContainmentIsAsRequired,
            "the server attests containment none and /etc/fuservice.conf requires plain", static server =>
        {
            server.Greet();
            server.Say(new MountRequest(MountRequestFlags.None, MountRequest.DirectoryRoot, 0, 0, 1).Encode());
        });
        yield return Own("attests no containment", Rule.ContainmentIsAsRequired,
            "the server attests containment none and /etc/fuservice.conf requires plain: ids (uid 0)", static server =>
        {
            server.Greet();
            server.Attest(ContainmentLevel.None, "ids (uid 0)");
            server.Say(new MountRequest(MountRequestFlags.None, MountRequest.DirectoryRoot, 0, 0, 1).Encode());
        });
        yield return Own("attests twice", Rule.MessagesComeInOrder,
            "the server sent ATST, which has no place before the mount request", static server =>
        {
            server.Greet();
            server.Attest();
            server.Attest(ContainmentLevel.Full);
        });
        yield return Own("attests after the mount", Rule.MessagesComeInOrder,
            "the server sent ATST, which has no place after the mount request", static server =>
        {
            server.Greet();
            server.Mount();
            server.Attest(ContainmentLevel.Full);
        });
        yield return Afterwards("attests a level that nobody knows", Rule.MessagesAreWellFormed, "the server sent a malformed ATST",
            ServerEnd.Packet("ATST", 3, 0));
        yield return Own("asks for a role after the mount", Rule.MessagesComeInOrder,
            "the server sent ROLE, which has no place after the mount request", static server =>
        {
            server.Greet();
            server.Mount();
            server.Say(new RoleRequest(SourceKinds.All, SourceAccess.Read, RoleFlags.None, "source").Encode());
        });
        yield return Own("mounts twice", Rule.MessagesComeInOrder,
            "the server sent MNTR, which has no place after the mount request", static server =>
        {
            server.Greet();
            server.Mount();
            server.AskForMount();
        });
    }

    private static IEnumerable<HostileCase> Goodbyes()
    {
        yield return Own("says goodbye without a mount", Rule.GoodbyeNeedsAMount, "the server said goodbye without a mount", static server =>
        {
            server.Greet();
            server.SayGoodbye();
        });
        yield return Own("says goodbye before INIT", Rule.GoodbyeAfterInit, "the server said goodbye before it answered the kernel's INIT",
            static server =>
        {
            server.Greet();
            server.Mount();
            server.SayGoodbye();
        });
        yield return Own("reads INIT and does not answer it", Rule.GoodbyeAfterInit,
            "the server said goodbye before it answered the kernel's INIT", static server =>
        {
            server.Greet();
            server.Mount();
            FakeFuse.ReadInit(server.Devices[0]);
            server.SayGoodbye();
        });
        yield return Own("garbles INIT", Rule.GoodbyeAfterInit, "the server said goodbye before it answered the kernel's INIT", static server =>
        {
            server.Greet();
            server.Mount();
            FakeFuse.GarbleInit(server.Devices[0]);
            server.SayGoodbye();
        });
        yield return Own("refuses INIT", Rule.InitIsAccepted, "the server answered the kernel's INIT with an error", static server =>
        {
            server.Greet();
            server.Mount();
            FakeFuse.RefuseInit(server.Devices[0], 5);
            server.SayGoodbye();
        });
        yield return Own("answers INIT with a version of its own", Rule.InitIsAccepted, "the server answered the kernel's INIT with an error",
            static server =>
        {
            server.Greet();
            server.Mount();
            FakeFuse.AnswerInit(server.Devices[0], major: 99);
            server.SayGoodbye();
        });
        yield return Own("goes right after its goodbye", Rule.ServerAwaitsTheAttach, "the server did not wait for its mount to be attached",
            static server =>
        {
            server.MountProperly();
            server.WhileTheMounterStands(() =>
            {
                server.SayGoodbye();
                server.HangUp();
            });
        });
        yield return Own("says goodbye twice", Rule.ServerAwaitsTheAttach, "the server did not wait for its mount to be attached", static server =>
        {
            server.MountProperly();
            server.WhileTheMounterStands(() =>
            {
                server.SayGoodbye();
                server.SayGoodbye();
            });
            server.WaitForHangUp();
        });
        yield return Own("sends half a goodbye", Rule.MessagesAreWellFormed, "the server sent a malformed GBYE", static server =>
        {
            server.MountProperly();
            server.Say("GBYE", 0);
        });
    }
}
