using MountHelper.Keeper;
using MountHelper.Tests;
using ServiceHost.Linux;

namespace Keeper.Tests;

/// <summary>What a keeper is, as the kernel shows it: of every thread of the real one, started by root without a unit.</summary>
[Trait("Needs", "root")]
public sealed class RightsTests
{
    private const string SysAdmin = "0000000000200000";

    [Fact]
    [Rule("user-is-its-own")]
    public void It_is_neither_root_nor_in_roots_group()
    {
        using KeeperStage stage = Greeted();
        Assert.All(KeeperProcess.Threads(stage.KeeperPid), static thread =>
        {
            Assert.DoesNotContain("0", KeeperListener.Field(thread + "/status", "Uid:").Split('\t'));
            Assert.DoesNotContain("0", KeeperListener.Field(thread + "/status", "Gid:").Split('\t'));
            Assert.Equal("", KeeperListener.Field(thread + "/status", "Groups:"));
        });
    }

    [Fact]
    [Rule("one-capability")]
    public void It_has_one_capability_and_can_get_no_other()
    {
        using KeeperStage stage = Greeted();
        Assert.All(KeeperProcess.Threads(stage.KeeperPid), static thread =>
        {
            foreach (string set in (string[])["CapEff:", "CapPrm:", "CapBnd:"])
            {
                Assert.Equal(SysAdmin, KeeperListener.Field(thread + "/status", set));
            }

            Assert.Equal("1", KeeperListener.Field(thread + "/status", "NoNewPrivs:"));
        });
    }

    [Fact]
    [Rule("calls-are-filtered")]
    public void Every_thread_has_the_filter()
    {
        using KeeperStage stage = Greeted();
        Assert.All(KeeperProcess.Threads(stage.KeeperPid), static thread => Assert.Equal("2", KeeperListener.Field(thread + "/status", "Seccomp:")));
    }

    [Fact]
    public void It_has_the_threads_that_it_needs()
    {
        using KeeperStage stage = Greeted();

        // The main one, the runtime's, and the one that closes files.
        Assert.Equal(3, KeeperProcess.Threads(stage.KeeperPid).Count());
    }

    [Fact]
    public void It_holds_the_device_and_the_channel()
    {
        using KeeperStage stage = Greeted();

        // Beside the standard streams; the runtime keeps its source of random numbers open.
        string[] open = [.. Directory.GetFiles($"/proc/{stage.KeeperPid}/fd")
            .Where(static link => int.Parse(Path.GetFileName(link), System.Globalization.CultureInfo.InvariantCulture) > 2)
            .Select(static link => new FileInfo(link).LinkTarget!)
            .Where(static target => target != "/dev/urandom")];
        Assert.Equal(2, open.Length);
        Assert.Single(open, "/dev/fuse");
        Assert.Single(open, static target => target.StartsWith("socket:", StringComparison.Ordinal));
    }

    [Fact]
    public void Of_the_devices_commands_it_can_give_two()
    {
        SystemCallPolicy policy = KeeperSystemCalls.For(new Fd(77));
        Assert.Equal(Errno.None, Decide(policy, X64Call.Ioctl, 77, 0x4010_E501));
        Assert.Equal(Errno.None, Decide(policy, X64Call.Ioctl, 77, 0x4004_E502));
        Assert.Equal(Errno.EPERM, Decide(policy, X64Call.Ioctl, 77, 0x8004_E500));
        Assert.Equal(Errno.EPERM, Decide(policy, X64Call.Ioctl, 78, 0x4010_E501));
        foreach (X64Call call in (X64Call[])
            [X64Call.Openat, X64Call.Open, X64Call.Execve, X64Call.Socket, X64Call.Connect, X64Call.Sendmsg, X64Call.Mount, X64Call.Read, X64Call.Pread64, X64Call.Setns])
        {
            Assert.Equal(Errno.EPERM, Decide(policy, call, 77));
        }
    }

    private static KeeperStage Greeted()
    {
        KeeperStage stage = new();
        stage.Server.Greet();
        return stage;
    }

    private static Errno Decide(SystemCallPolicy policy, X64Call call, params ulong[] arguments)
    {
        ulong[] all = new ulong[6];
        arguments.CopyTo(all, 0);
        return policy.Decide(SystemCallPolicy.Architecture, (uint)call, all);
    }
}
