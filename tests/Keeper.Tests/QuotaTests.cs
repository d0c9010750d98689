using MountHelper.Tests;
using ServiceHost.Linux;
using ServiceHost.MountProtocol;

namespace Keeper.Tests;

[Trait("Needs", "root")]
public sealed class QuotaTests
{
    [Fact]
    [Rule("quota-is-kept")]
    public void A_mount_has_no_more_files_than_its_quota_and_gets_back_what_it_releases()
    {
        using KeeperStage stage = new(quota: 2);
        stage.Server.Greet(quota: 2);
        OwnedFd file = stage.Open(stage.ReadWrite, "file", OpenFlags.ReadWrite);
        int first = stage.Server.Accepted(file);
        stage.Server.Accepted(file);

        KeeperMessage answer = stage.Server.Register(file);

        Assert.Equal((KeeperRefusal.Quota, Errno.ENOSPC), (answer.Refusal, answer.Errno));
        Assert.Equal(KeeperMessage.Answer(first), stage.Server.Release(first));
        stage.Server.Accepted(file);
        stage.Server.Refused(file, KeeperRefusal.Quota);
    }

    [Fact]
    public void The_quota_is_never_more_than_a_process_may_have_open()
    {
        using KeeperStage stage = new(quota: uint.MaxValue);
        stage.Server.Greet(quota: Limit(stage.KeeperPid));
    }

    [Fact]
    public void Without_a_quota_there_is_one_all_the_same()
    {
        using KeeperStage stage = new();
        stage.Server.Greet(quota: Math.Min(65_536, Limit(stage.KeeperPid)));
    }

    [Fact]
    [Rule("ids-are-its-own")]
    public void An_id_is_released_once_and_by_whom_it_was_given_to()
    {
        using KeeperStage stage = new();
        stage.Server.Greet();
        OwnedFd file = stage.Open(stage.ReadWrite, "file", OpenFlags.ReadWrite);
        int id = stage.Server.Accepted(file);
        Assert.Equal(Errno.None, Libc.FuseBackingOpen(stage.Fuse.Device, file, out int another));

        Assert.Equal(KeeperMessage.Answer(id), stage.Server.Release(id));

        Assert.False(stage.TakeId(id));
        foreach (int unknown in (int[])[id, another, int.MaxValue])
        {
            Assert.Equal(KeeperMessage.Refuse(KeeperRefusal.UnknownId, Errno.ENOENT), stage.Server.Release(unknown));
        }

        Assert.True(stage.TakeId(another));
    }

    private static uint Limit(int pid) => uint.Parse(
        KeeperListener.Field($"/proc/{pid}/limits", "Max open files").Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
        System.Globalization.CultureInfo.InvariantCulture);
}
