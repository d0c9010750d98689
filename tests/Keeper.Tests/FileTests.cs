using MountHelper.Tests;
using ServiceHost.Linux;
using ServiceHost.MountProtocol;

namespace Keeper.Tests;

/// <summary>The real keeper, and files that a taken-over server might try to have registered.</summary>
[Trait("Needs", "root")]
public sealed class FileTests
{
    private static readonly Dictionary<string, FileCase> s_cases = FileCases.All.ToDictionary(static file => file.Name);

    public static IEnumerable<TheoryDataRow<string>> Names => s_cases.Values.Select(static file =>
        new TheoryDataRow<string>(file.Name).WithTrait("Rule", file.Rule.Id));

    [Theory]
    [MemberData(nameof(Names))]
    public void No_keeper_registers_a_file_that_is(string foreign)
    {
        FileCase file = s_cases[foreign];
        using KeeperStage stage = new();
        stage.Server.Greet();

        stage.Server.Refused(file.Open(stage), file.Refusal);

        // Neither the conversation nor what is allowed has suffered.
        int id = stage.Server.Accepted(stage.Open(stage.ReadWrite, "folder/other", OpenFlags.ReadWrite | OpenFlags.Create));
        Assert.True(stage.TakeId(id));
    }

    [Fact]
    public void What_came_through_its_own_clone_is_registered()
    {
        using KeeperStage stage = new();
        stage.Server.Greet();
        OwnedFd deleted = stage.Open(stage.ReadWrite, "deleted", OpenFlags.ReadWrite | OpenFlags.Create);
        Assert.Equal(Errno.None, Libc.Unlinkat(stage.ReadWrite, CString.FromTerminated("deleted\0"u8), AtFlags.None));
        OwnedFd[] files =
        [
            stage.Open(stage.ReadWrite, "file", OpenFlags.ReadWrite),
            stage.Open(stage.ReadOnly, "file", OpenFlags.ReadOnly),
            stage.Open(stage.ReadWrite, ".", OpenFlags.TemporaryFile | OpenFlags.ReadWrite),
            deleted,
        ];

        int[] ids = [.. files.Select(stage.Server.Accepted)];

        Assert.Equal(ids.Length, ids.Distinct().Count());
        Assert.All(ids, id => Assert.True(stage.TakeId(id)));
    }

    [Fact]
    public void What_the_kernel_refuses_is_told_with_its_reason()
    {
        using KeeperStage stage = new(assign: false);
        string stacked = stage.Source + "/stacked";
        foreach (string name in (string[])["upper", "work", "stacked"])
        {
            Directory.CreateDirectory($"{stage.Source}/{name}");
        }

        KeeperStage.Run("mount", "-t", "overlay", "-o", $"lowerdir={stage.Source}/folder,upperdir={stage.Source}/upper,workdir={stage.Source}/work", "overlay", stacked);
        try
        {
            OwnedFd clone = stage.CloneOf(stacked, readOnly: false);
            using SeqpacketSocket connection = stage.Listener.Connect();
            KeeperStage.Assign(
                connection, new KeeperAssignment(0, [new KeeperClones(MountIdentity.UniqueId(clone), 0)]).Encode(), stage.Fuse.Clone(), stage.KeepersEnd);
            stage.Server.Greet();

            KeeperMessage answer = stage.Server.Register(stage.Open(clone, "new", OpenFlags.ReadWrite | OpenFlags.Create));

            Assert.Equal((KeeperRefusal.Kernel, Errno.ELOOP), (answer.Refusal, answer.Errno));
        }
        finally
        {
            KeeperStage.Run("umount", "-l", stacked);
        }
    }

    [Theory]
    [InlineData(OpenFlags.ReadOnly)]
    [InlineData(OpenFlags.ReadWrite)]
    [Rule("closing-stalls-nobody")]
    public void A_file_whose_server_is_stopped_holds_up_neither_the_conversation_nor_its_end(OpenFlags flags)
    {
        using KeeperStage stage = new();
        using FuseFile foreign = new();
        stage.Server.Greet();
        OwnedFd file = stage.Keep(foreign.Open(flags));
        foreign.Stall();

        stage.Server.Refused(file, flags == OpenFlags.ReadOnly ? KeeperRefusal.NotForReading : KeeperRefusal.NotForWriting);
        stage.Server.Accepted(stage.Open(stage.ReadWrite, "file", OpenFlags.ReadWrite));
        int keeper = stage.KeeperPid;
        stage.Server.Dispose();

        // Closing the file waits for the stopped server; the device of the mount is closed meanwhile.
        Wait.For("the device to be closed", () => !KeeperProcess.HasDevice(keeper));
    }

    [Fact]
    [Rule("closing-stalls-nobody")]
    public void A_server_that_sends_file_after_file_that_cannot_be_closed_is_left()
    {
        using KeeperStage stage = new();
        using FuseFile foreign = new();
        stage.Server.Greet();
        OwnedFd file = stage.Keep(foreign.Open(OpenFlags.ReadOnly));
        foreign.Stall();
        byte[] packet = new byte[KeeperMessage.Size];
        KeeperMessage.Register.Encode(packet);

        // More than the keeper lets wait: the last ones find it gone.
        for (int i = 0; i < 100 && stage.Server.TrySay(packet, file).IsOk; i++)
        {
            Libc.ReceiveNow(stage.Server.Handle, new byte[KeeperMessage.Size], new FdList(0), out _);
        }

        stage.Server.AwaitEnd();
        stage.AwaitLog("[closing-stalls-nobody]");
    }
}
