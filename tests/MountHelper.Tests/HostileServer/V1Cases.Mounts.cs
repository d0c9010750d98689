using ServiceHost.Linux;
using ServiceHost.MountProtocol;

namespace MountHelper.Tests;

internal static partial class V1Cases
{
    private const uint MS_REMOUNT = 32;
    private const uint MS_BIND = 4096;
    private const uint MS_PRIVATE = 1 << 18;

    private static HostileCase Then(string name, Rule rule, string problem, Action<HostileStage> script) => V1(name, rule, problem, stage =>
    {
        stage.Server.GreetV1();
        script(stage);
    });

    private static HostileCase Misplaced(string name, string tag, Action<HostileStage> script, string again = "") => Then(
        name, Rule.MessagesComeInOrder, $"the server sent {tag}{again}, which has no place here", script);

    private static IEnumerable<HostileCase> Order()
    {
        yield return Misplaced("unmounts with the message that was removed", "UMNT", static stage => stage.Server.Say("UMNT"));
        yield return Misplaced("speaks our dialect on libfuse's socket", "ATST", static stage => stage.Server.Attest());
        yield return Then("sends one byte", Rule.MessagesComeInOrder, "the server sent a packet of 1 bytes", static stage => stage.Server.Say([0]));
        yield return Misplaced("says NAME before TYPE", "NAME", static stage => stage.Server.Say(ServerEnd.String("NAME", "x")));
        yield return Misplaced("says MNTP before TYPE", "MNTP", static stage => stage.Server.Say(ServerEnd.Mountpoint(stage.Mountpoint)));
        yield return Misplaced("opens after TYPE", "OPEN", static stage =>
        {
            stage.Server.Choose();
            stage.Server.Say(new V1OpenCommand(false, 0, 0, V1OpenFlags.None, 0, "/etc/passwd"u8.ToArray()).Encode());
        });
        yield return Misplaced("opens a device after TYPE", "BDEV", static stage =>
        {
            stage.Server.Choose();
            stage.Server.Say(new V1OpenCommand(true, 0, 0, V1OpenFlags.None, 0, "/dev/sda"u8.ToArray()).Encode());
        });
        yield return Misplaced("chooses twice", "TYPE", static stage =>
        {
            stage.Server.Choose();
            stage.Server.Say("TYPE", 0);
        }, " again");
        yield return Misplaced("names twice", "NAME", static stage =>
        {
            stage.Server.Choose();
            stage.Server.Tell("NAME", "x");
            stage.Server.Say(ServerEnd.String("NAME", "y"));
        }, " again");
        yield return Misplaced("gives two mountpoints", "MNTP", static stage =>
        {
            stage.Server.DescribeV1(stage.Mountpoint);
            stage.Server.Say(ServerEnd.Mountpoint(stage.Mountpoint));
        }, " again");
        yield return Misplaced("mounts without a name", "DOIT", static stage =>
        {
            stage.Server.Choose();
            stage.Server.Say(ServerEnd.Mountpoint(stage.Mountpoint));
            stage.Server.ReceiveReply();
            stage.Server.Say("DOIT", 0);
        });
        yield return Misplaced("mounts without a mountpoint", "DOIT", static stage =>
        {
            stage.Server.Choose();
            stage.Server.Tell("NAME", "x");
            stage.Server.Say("DOIT", 0);
        });
        yield return Misplaced("mounts twice", "DOIT", static stage =>
        {
            stage.Server.DescribeV1(stage.Mountpoint);
            stage.Server.DoIt();
            stage.Server.Say("DOIT", 0);
        }, " again");
        yield return Misplaced("changes options after the mount", "OPTS", static stage =>
        {
            stage.Server.DescribeV1(stage.Mountpoint);
            stage.Server.DoIt();
            stage.Server.Say(ServerEnd.String("OPTS", "max_read=4096"));
        });
    }

    private static HostileCase Malformed(string name, string tag, Func<HostileStage, byte[]> packet, bool typed = false) => Then(
        name, Rule.MessagesAreWellFormed, $"the server sent a malformed {tag}", stage =>
    {
        if (typed)
        {
            stage.Server.Choose();
        }

        stage.Server.Say(packet(stage));
    });

    private static IEnumerable<HostileCase> Mounts()
    {
        yield return Malformed("opens without a path", "OPEN", static _ => ServerEnd.Packet("OPEN", 0, 0, 0, 0));
        yield return Malformed("opens a path without end", "OPEN", static _ => [.. ServerEnd.Packet("OPEN", 0, 0, 0, 0), .. "/etc/passwd"u8]);
        yield return Malformed("opens a path with two ends", "OPEN", static _ => [.. ServerEnd.Packet("OPEN", 0, 0, 0, 0), .. "/etc\0passwd\0"u8]);
        yield return Malformed("opens a path that is too long", "OPEN",
            static _ => [.. ServerEnd.Packet("OPEN", 0, 0, 0, 0), .. new byte[5000].Select(static _ => (byte)'a'), 0]);
        yield return Malformed("chooses a type that nobody knows", "TYPE", static _ => ServerEnd.Packet("TYPE", 0x10));
        yield return Malformed("pads its mountpoint", "MNTP", static stage => ServerEnd.String("MNTP\x40\0\0\x01", stage.Mountpoint), typed: true);
        yield return Malformed("expects an odd mountpoint", "MNTP", static stage => ServerEnd.Mountpoint(stage.Mountpoint, 0x2000), typed: true);
        yield return Malformed("has an empty name", "NAME", static _ => ServerEnd.String("NAME", ""), typed: true);
        yield return Then("mounts fuseblk over nothing", Rule.FuseblkNeedsRootAndDevice,
            "the server asked for a fuseblk mount without a block device", static stage => stage.Server.Say("TYPE", 1));
        yield return Then("mounts on another directory", Rule.OnlyTheMountpoint, "the server wanted to mount on \"/etc\"", static stage =>
        {
            stage.Server.Choose();
            stage.Server.Say(ServerEnd.Mountpoint("/etc"));
        });
        yield return Then("spells the mountpoint with dots", Rule.OnlyTheMountpoint, "the server wanted to mount on \"", static stage =>
        {
            stage.Server.Choose();
            stage.Server.Say(ServerEnd.Mountpoint(stage.Mountpoint + "/."));
        });
        yield return Then("mounts a file on a directory", Rule.RootFitsMountpoint,
            "{mnt} is a directory and the root of this filesystem is a file", static stage =>
        {
            stage.Server.Choose();
            stage.Server.Say(ServerEnd.Mountpoint(stage.Mountpoint, V1MountpointCommand.RegularFile));
        });
        yield return Opts("names the device for the kernel", "fd=3", Errno.EINVAL);
        yield return Opts("names the owner of the mount", "user_id=1000", Errno.EINVAL);
        yield return Opts("names the mode of the root", "rootmode=104755", Errno.EINVAL);
        yield return Opts("sets a security context", "context=system_u:object_r:etc_t:s0", Errno.EINVAL);
        yield return Opts("sets an option with a value that is none", "max_read=-1", Errno.EINVAL);
        yield return Opts("lets others in where the caller does not", "allow_other", Errno.EPERM)
            with { Options = "noallow_other,mount_timeout=30" };
        yield return Then("writes options that are none", Rule.OptionsAreBounded, "the server sent options that are none: ", static stage =>
        {
            stage.Server.Choose();
            stage.Server.Say(ServerEnd.String("OPTS", "max_read=\"4096"));
        });
        yield return Then("writes options for the terminal", Rule.OptionsAreBounded, "the server sent options that are none: ", static stage =>
        {
            stage.Server.Choose();
            stage.Server.Say(ServerEnd.String("MTAB", "user=\u001b[2J"));
        });
        yield return Flags("remounts", MS_REMOUNT);
        yield return Flags("binds", MS_BIND);
        yield return Flags("changes propagation", MS_PRIVATE);
    }

    private static HostileCase Opts(string name, string options, Errno errno) => Then(
        name, Rule.V1OptionsOnlyDescribe, $"the server wanted the kernel's mount option \"{options}\"", stage =>
    {
        stage.Server.Choose();
        Assert.Equal(errno, stage.Server.Tell("OPTS", options));
        stage.Server.Bye(1);
    });

    private static HostileCase Flags(string name, uint flags) => Then(
        name, Rule.V1FlagsOnlyRestrict, $"the server wanted to mount with the flags 0x{flags:x}", stage =>
    {
        stage.Server.DescribeV1(stage.Mountpoint);
        stage.Server.Say("DOIT", flags);
    });

    private static IEnumerable<HostileCase> Ends()
    {
        const string Gone = "the server ended without a goodbye (waiting for its ";
        const string Late = "the server did not answer within 3 s (waiting for its ";
        yield return Then("says goodbye without a mount", Rule.GoodbyeNeedsAMount, "the server said goodbye without a mount",
            static stage => stage.Server.Bye());
        yield return Then("sends half a goodbye", Rule.MessagesAreWellFormed, "the server sent a malformed BYEE", static stage => stage.Server.Say("BYEE"));
        yield return Then("dies before the mount", Rule.EndsWithGoodbye, Gone + "mount request)",
            static stage => stage.Server.DescribeV1(stage.Mountpoint));
        yield return Then("dies after the mount", Rule.EndsWithGoodbye, Gone + "goodbye)", static stage =>
        {
            stage.Server.DescribeV1(stage.Mountpoint);
            stage.Server.DoIt();
        });
        yield return Then("is silent before the mount", Rule.OneDeadline, Late + "mount request)", static stage =>
        {
            stage.Server.DescribeV1(stage.Mountpoint);
            stage.Server.WaitForHangUp();
        }) with { Options = "mount_timeout=3" };
        yield return Then("is silent after the mount", Rule.OneDeadline, Late + "goodbye)", static stage =>
        {
            stage.Server.DescribeV1(stage.Mountpoint);
            stage.Server.DoIt();
            stage.Server.WaitForHangUp();
        }) with { Options = "mount_timeout=3" };
        yield return Then("makes the mount wait for INIT", Rule.MountCallCannotWait, Late + "goodbye)", static stage =>
        {
            SyncInit.SwitchOn(stage.Server.Devices[0]);
            stage.Server.DescribeV1(stage.Mountpoint);
            stage.Server.DoIt();
            stage.Server.WaitForHangUp();
        }) with { Options = "mount_timeout=3", Shown = Rule.OneDeadline };
    }
}
