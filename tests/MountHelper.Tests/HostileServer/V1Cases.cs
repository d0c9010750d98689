using ServiceHost.Linux;
using ServiceHost.MountProtocol;

namespace MountHelper.Tests;

/// <summary>libfuse's protocol v1, spoken wrongly or used for what libfuse's own helper would allow.</summary>
internal static partial class V1Cases
{
    private const uint O_CREAT = 0x40;
    private const uint O_TRUNC = 0x200;
    private const uint O_APPEND = 0x400;
    private const uint O_PATH = 0x20_0000;
    private const uint O_TMPFILE = 0x41_0000;

    public static IEnumerable<HostileCase> All =>
        Hello().Concat(Opens()).Concat(Flags()).Concat(Order()).Concat(Mounts()).Concat(Ends());

    private static HostileCase V1(string name, Rule rule, string problem, Action<HostileStage> script) => new($"(v1) {name}", rule, problem, script);

    private static IEnumerable<HostileCase> Hello()
    {
        const string NotOurs = "the server did not answer our hello in this protocol";
        yield return Hello("answers hello with garbage", Rule.MessagesAreWellFormed, NotOurs, "????"u8.ToArray());
        yield return Hello("answers hello with a padding that is not zero", Rule.MessagesAreWellFormed, NotOurs, ServerEnd.Packet("LAST", 0x00010001));
        yield return Hello("answers hello with too much", Rule.MessagesAreWellFormed, NotOurs, ServerEnd.Packet("LAST", 0x00010000, 0));
        yield return Hello("speaks version 7", Rule.VersionIsOurs, "the server speaks version 7 of the protocol", ServerEnd.Packet("LAST", 0x00070000));
        yield return V1("is silent at hello", Rule.OneDeadline, "the server did not answer within 3 s (waiting for its answer to our hello)",
            static stage => stage.Server.WaitForHangUp()) with { Options = "mount_timeout=3" };
        yield return V1("dies at hello", Rule.EndsWithGoodbye, "the server ended without a goodbye (waiting for its answer to our hello)",
            static stage => stage.Server.Receive());
        yield return V1("pushes a descriptor with its hello", Rule.ServerSendsNoDescriptors,
            "the server ended without a goodbye (waiting for its answer to our hello)", static stage =>
        {
            stage.Server.Receive();
            stage.Server.Push(ServerEnd.Packet("LAST", 0x00010000));
        }) with { Shown = Rule.EndsWithGoodbye };
    }

    private static HostileCase Hello(string name, Rule rule, string problem, byte[] answer) => V1(name, rule, problem, stage =>
    {
        stage.Server.Receive();
        stage.Server.Say(answer);
    });

    private static IEnumerable<HostileCase> Opens()
    {
        yield return OpensElsewhere("opens the password file", static _ => "/etc/shadow");
        yield return OpensElsewhere("opens the mountpoint", static stage => stage.Mountpoint);
        yield return OpensElsewhere("opens a word of the options", static _ => "/etc/hostname") with { Options = "mount_timeout=30,journal=/etc/hostname" };
        yield return OpensElsewhere("opens a whole option", static _ => "journal=/etc/hostname") with { Options = "mount_timeout=30,journal=/etc/hostname" };
        yield return OpensElsewhere("opens a neighbour of SOURCE", static stage => stage.Sandbox.In("other"));
        yield return OpensElsewhere("spells SOURCE with two slashes", static stage => "/" + stage.Source);
        yield return OpensElsewhere("spells SOURCE with dots", static stage => stage.Sandbox.In("mnt/../img"));
        yield return OpensElsewhere("opens below SOURCE", static stage => stage.Source + "/file") with { Source = "src" };
        yield return OpensElsewhere("opens the descriptors of the helper", static _ => "/proc/self/fd/3");
        yield return OpensElsewhere("opens the memory of the helper", static _ => "/proc/self/mem");
        yield return V1("opens a FIFO", Rule.OnlyFilesDevicesDirectories,
            "{src} is neither a regular file nor a block device nor a directory", static stage =>
        {
            stage.Server.GreetV1();
            Assert.Equal(Errno.EACCES, stage.Server.Open(stage.Source).Error);
            stage.Server.Bye(1);
        }) with { Source = "fifo", Prepare = static sandbox => sandbox.Shell($"mkfifo {sandbox.In("fifo")}").Succeeded() };
        yield return V1("opens an image as a block device", Rule.KindIsAsAsked, "{src} is no block device", static stage =>
        {
            stage.Server.GreetV1();
            Assert.Equal(Errno.ENOTBLK, stage.Server.Open(stage.Source, block: true, blockSize: 512).Error);
            stage.Server.Bye(1);
        });
        yield return V1("opens an image as a directory", Rule.KindIsAsAsked, "{src} is no directory", static stage =>
        {
            stage.Server.GreetV1();
            Assert.Equal(Errno.ENOTDIR, stage.Server.Open(stage.Source, 0x10000).Error);
            stage.Server.Bye(1);
        });
        yield return V1("opens 65 files", Rule.RequestsAreBounded, "the server asked for more than 64 files", static stage =>
        {
            stage.Server.GreetV1();
            for (int i = 0; i < 64; i++)
            {
                stage.Server.Open("/etc/passwd");
            }

            stage.Server.Say(new V1OpenCommand(false, 0, 0, V1OpenFlags.None, 0, "/etc/passwd"u8.ToArray()).Encode());
        });
    }

    private static HostileCase OpensElsewhere(string name, Func<HostileStage, string> path) => V1(
        name, Rule.OnlyTheSource, "the server asked for \"", stage =>
    {
        stage.Server.GreetV1();
        Assert.Equal(Errno.EACCES, stage.Server.Open(path(stage)).Error);
        stage.Server.Bye(1);
    });

    private static IEnumerable<HostileCase> Flags()
    {
        yield return OpensWith("creates a file", O_CREAT);
        yield return OpensWith("truncates the image", 2 | O_TRUNC);
        yield return OpensWith("appends to the image", 1 | O_APPEND);
        yield return OpensWith("wants a mere path", O_PATH);
        yield return OpensWith("makes a temporary file", 2 | O_TMPFILE);
        yield return OpensWith("opens with a flag that nobody knows", 0x4000_0000);
        yield return V1("asks with a request flag that nobody knows", Rule.V1OpenOnlyReadsOrWrites,
            "the server asked for a file with request flags that nobody knows", static stage =>
        {
            stage.Server.GreetV1();
            Assert.Equal(Errno.EINVAL, stage.Server.Open(stage.Source, requestFlags: 0x80).Error);
            stage.Server.Bye(1);
        });
        yield return WritesReadOnly("opens for writing on a read-only mount", 2);
        yield return WritesReadOnly("opens for writing alone on a read-only mount", 1);
        yield return WritesReadOnly("opens with the fourth access mode on a read-only mount", 3);
    }

    private static HostileCase OpensWith(string name, uint flags) => V1(
        name, Rule.V1OpenOnlyReadsOrWrites, "the server asked to open \"{src}\" with the flags 0", stage =>
    {
        stage.Server.GreetV1();
        Assert.Equal(Errno.EPERM, stage.Server.Open(stage.Source, flags).Error);
        stage.Server.Bye(1);
        Assert.Equal(4096, new FileInfo(stage.Sandbox.In("img")).Length);
    });

    private static HostileCase WritesReadOnly(string name, uint flags) => V1(
        name, Rule.ReadOnlyMeansReadOnly, "the server asked to write to {src}, which this mount may only read", stage =>
    {
        stage.Server.GreetV1();
        Assert.Equal(Errno.EROFS, stage.Server.Open(stage.Source, flags).Error);
        stage.Server.Bye(1);
    }) with { Options = "ro,mount_timeout=30" };
}
