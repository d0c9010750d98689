using System.Globalization;
using MountHelper.Tests;
using ServiceHost.Linux;
using ServiceHost.MountProtocol;

namespace Keeper.Tests;

/// <summary>The real keeper, and servers that do not keep to the protocol. It costs them the keeper, never the mount.</summary>
[Trait("Needs", "root")]
public sealed class TalkTests
{
    private static readonly Dictionary<string, TalkCase> s_cases = TalkCases.All.ToDictionary(static talk => talk.Name);

    public static IEnumerable<TheoryDataRow<string>> Names => s_cases.Values.Select(static talk =>
        new TheoryDataRow<string>(talk.Name).WithTrait("Rule", talk.Rule.Id));

    [Theory]
    [MemberData(nameof(Names))]
    public void No_keeper_goes_on_with_a_server_that(string misbehaves)
    {
        TalkCase talk = s_cases[misbehaves];
        using KeeperStage stage = new();
        if (talk.Greets)
        {
            stage.Server.Greet();
        }

        talk.Script(stage);

        stage.AwaitLog($"[{talk.Rule.Id}]");
        stage.Server.AwaitEnd();
        AssertMountLives(stage);
    }

    [Theory]
    [InlineData("goodbye")]
    [InlineData("hang up")]
    [InlineData("noise")]
    [Rule("ids-end")]
    public void With_the_conversation_every_id_ends_and_the_mount_goes_on(string end)
    {
        using KeeperStage stage = new();
        stage.Server.Greet();
        OwnedFd file = stage.Open(stage.ReadWrite, "file", OpenFlags.ReadWrite);
        int[] ids = [.. Enumerable.Range(0, 5).Select(_ => stage.Server.Accepted(file))];
        int keeper = stage.KeeperPid;

        switch (end)
        {
            case "goodbye":
                stage.Server.Say(KeeperMessage.Goodbye);
                break;
            case "noise":
                stage.Server.Say(new byte[3]);
                break;
            default:
                stage.Server.Dispose();
                break;
        }

        Wait.For("the keeper to close the device", () => !KeeperProcess.HasDevice(keeper));
        Assert.All(ids, id => Assert.False(stage.TakeId(id)));
        AssertMountLives(stage);
    }

    [Fact]
    [Rule("ends-with-its-server")]
    public void A_keeper_ends_when_its_server_is_gone_however_much_is_unread()
    {
        using KeeperStage stage = new();
        stage.Server.Greet();
        byte[] packet = new byte[KeeperMessage.Size];
        KeeperMessage.Register.Encode(packet);
        OwnedFd file = stage.Open(stage.ReadWrite, "file", OpenFlags.ReadWrite);
        int keeper = stage.KeeperPid;
        for (int i = 0; i < 50; i++)
        {
            Assert.Equal(Errno.None, stage.Server.TrySay(packet, file));
        }

        stage.Server.Dispose();

        Wait.For("the device to be closed", () => !KeeperProcess.HasDevice(keeper));
        Wait.For("the keeper to end", () => stage.Listener.Keepers().Count == 0);
    }

    [Fact]
    [Rule("ends-with-its-mount")]
    public void A_keeper_ends_when_its_mount_is_gone_and_the_server_is_not()
    {
        using KeeperStage stage = new();
        stage.Server.Greet();

        stage.Fuse.Unmount();

        stage.Server.AwaitEnd();
        stage.AwaitLog("the mount is gone");
    }

    [Fact]
    public void A_server_that_says_nothing_is_waited_for()
    {
        using KeeperStage stage = new();
        stage.Server.Greet();
        int keeper = stage.KeeperPid;

        // It sleeps, in poll(2) and nowhere else.
        Wait.For("the keeper to sleep", () => KeeperListener.Field(keeper, "State:").StartsWith('S'));

        stage.Server.Accepted(stage.Open(stage.ReadWrite, "file", OpenFlags.ReadWrite));
    }

    [Fact]
    public void Ten_thousand_refusals_are_ten_thousand_answers()
    {
        using KeeperStage stage = new();
        stage.Server.Greet();
        OwnedFd place = stage.Open(stage.ReadWrite, "file", OpenFlags.Path);
        for (int i = 0; i < 10_000; i++)
        {
            stage.Server.Refused(place, KeeperRefusal.OnlyAPlace);
        }

        stage.Server.Accepted(stage.Open(stage.ReadWrite, "file", OpenFlags.ReadWrite));
        int keeper = stage.KeeperPid;
        Wait.For("what was sent to be closed", () => KeeperProcess.Descriptors(keeper).Count() <= 6);
    }

    [Fact]
    public void Requests_leave_nothing_in_its_memory()
    {
        const int slackKilobytes = 1024;
        using KeeperStage stage = new();
        stage.Server.Greet();
        OwnedFd file = stage.Open(stage.ReadWrite, "file", OpenFlags.ReadWrite);
        RegisterAndRelease(stage, file, 500);
        int before = ResidentKilobytes(stage.KeeperPid);

        RegisterAndRelease(stage, file, 5_000);

        // Some 200 bytes for each would show.
        Assert.InRange(ResidentKilobytes(stage.KeeperPid), 1, before + slackKilobytes);
    }

    [Fact]
    public void A_killed_keeper_is_an_end_of_file_to_the_server_and_nothing_to_the_mount()
    {
        using KeeperStage stage = new();
        stage.Server.Greet();
        using (System.Diagnostics.Process keeper = System.Diagnostics.Process.GetProcessById(stage.KeeperPid))
        {
            keeper.Kill();
        }

        stage.Server.AwaitEnd();
        AssertMountLives(stage);
    }

    private static void RegisterAndRelease(KeeperStage stage, OwnedFd file, int times)
    {
        for (int i = 0; i < times; i++)
        {
            int id = stage.Server.Accepted(file);
            Assert.Equal(KeeperMessage.Answer(id), stage.Server.Release(id));
        }
    }

    private static int ResidentKilobytes(int pid) =>
        int.Parse(KeeperListener.Field(pid, "VmRSS:").Split(' ')[0], CultureInfo.InvariantCulture);

    /// <summary>The connection is there, and answers.</summary>
    private static void AssertMountLives(KeeperStage stage)
    {
        using OwnedFd file = stage.Fuse.Open(OpenFlags.ReadOnly);
        Assert.False(Libc.HasFuseConnectionEnded(stage.Fuse.Device));
    }
}
