using System.Text;
using MountHelper.Grants;

namespace MountHelper.Tests;

public sealed class MountOptionSplitterTests
{
    private static MountOptions Split(params string[] lists) => MountOptionSplitter.Split(lists.Select(Encoding.UTF8.GetBytes));

    private static string Texts(IEnumerable<OptionWord> words) => string.Join('|', words.Select(static word => Encoding.UTF8.GetString(word.Text)));

    [Theory]
    [InlineData("", VfsFlags.NoSuid | VfsFlags.NoDev)]
    [InlineData("rw", VfsFlags.NoSuid | VfsFlags.NoDev)]
    [InlineData("ro", VfsFlags.NoSuid | VfsFlags.NoDev | VfsFlags.ReadOnly)]
    [InlineData("ro,rw", VfsFlags.NoSuid | VfsFlags.NoDev)]
    [InlineData("rw,ro", VfsFlags.NoSuid | VfsFlags.NoDev | VfsFlags.ReadOnly)]
    [InlineData("suid", VfsFlags.NoDev)]
    [InlineData("dev,suid", VfsFlags.None)]
    [InlineData("suid,nosuid", VfsFlags.NoSuid | VfsFlags.NoDev)]
    [InlineData("allow_suid", VfsFlags.NoDev)]
    [InlineData("allow_dev,suid", VfsFlags.None)]
    [InlineData("allow_suid,nosuid", VfsFlags.NoSuid | VfsFlags.NoDev)]
    [InlineData("noexec,nosymfollow", VfsFlags.NoSuid | VfsFlags.NoDev | VfsFlags.NoExec | VfsFlags.NoSymfollow)]
    [InlineData("noexec,exec", VfsFlags.NoSuid | VfsFlags.NoDev)]
    [InlineData("noatime", VfsFlags.NoSuid | VfsFlags.NoDev | VfsFlags.NoAtime)]
    [InlineData("noatime,strictatime", VfsFlags.NoSuid | VfsFlags.NoDev | VfsFlags.StrictAtime)]
    [InlineData("noatime,relatime", VfsFlags.NoSuid | VfsFlags.NoDev)]
    [InlineData("nodiratime,diratime,nodiratime", VfsFlags.NoSuid | VfsFlags.NoDev | VfsFlags.NoDirAtime)]
    [InlineData("sync,dirsync,lazytime", VfsFlags.NoSuid | VfsFlags.NoDev | VfsFlags.Synchronous | VfsFlags.DirSync | VfsFlags.LazyTime)]
    [InlineData("sync,async,lazytime,nolazytime", VfsFlags.NoSuid | VfsFlags.NoDev)]
    public void Flags_of_the_kernel_are_taken_and_the_last_word_wins(string options, VfsFlags expected)
    {
        MountOptions split = Split(options);

        Assert.Equal(expected, split.Flags);
        Assert.Empty(split.ServerWords);
    }

    /// <summary>mount(8) passes `-o allow_suid -o nosuid` on as `nosuid,allow_suid`.</summary>
    [Theory]
    [InlineData("nosuid,allow_suid,dev", VfsFlags.NoSuid)]
    [InlineData("nodev,suid,allow_dev", VfsFlags.NoDev)]
    [InlineData("nosuid,suid,allow_suid,allow_dev", VfsFlags.None)]
    public void Nosuid_and_nodev_hold_against_the_words_that_mount8_puts_behind_them(string options, VfsFlags expected) =>
        Assert.Equal(expected, Split(options).Flags);

    [Theory]
    [InlineData("_netdev")]
    [InlineData("nofail")]
    [InlineData("noauto")]
    [InlineData("defaults")]
    [InlineData("user")]
    [InlineData("user=joe")]
    [InlineData("users")]
    [InlineData("owner")]
    [InlineData("group")]
    [InlineData("x-systemd.requires=/mnt/a")]
    [InlineData("X-mount.mkdir=0755")]
    [InlineData("comment=anything at all")]
    [InlineData("silent")]
    [InlineData("service_only")]
    public void Words_of_others_are_passed_over(string word)
    {
        MountOptions split = Split(word);

        Assert.Equal(word, Texts(split.IgnoredWords));
        Assert.Empty(split.ServerWords);
        Assert.Equal(VfsFlags.None, split.MentionedFlags);
    }

    [Theory]
    [InlineData("cache=always")]
    [InlineData("writeback")]
    [InlineData("ro=1")]
    [InlineData("RO")]
    [InlineData("default_permission")]
    [InlineData("request_timeout=30")]
    [InlineData("max_read=4096")]
    [InlineData("help")]
    [InlineData("auto=yes")]
    public void Everything_else_is_the_servers(string word) => Assert.Equal(word, Texts(Split(word).ServerWords));

    [Theory]
    [InlineData("a,b,c", "a|b|c")]
    [InlineData(",,a,,b,", "a|b")]
    [InlineData("a=\"1,2\",b", "a=\"1,2\"|b")]
    [InlineData("a=1\\,2,b", "a=1\\,2|b")]
    [InlineData("a=\"\",b", "a=\"\"|b")]
    [InlineData("a=b=c", "a=b=c")]
    public void Words_reach_the_server_as_they_were_written(string options, string expected) =>
        Assert.Equal(expected, Texts(Split(options).ServerWords));

    [Theory]
    [InlineData("fsname=disk", "disk")]
    [InlineData("fsname=\"a,b\"", "a,b")]
    [InlineData("fsname=a\\,b", "a,b")]
    [InlineData("fsname=a\\\\b", "a\\b")]
    [InlineData("source=b", "b")]
    public void Values_of_ours_lose_quotes_and_escapes(string options, string expected) =>
        Assert.Equal(expected, Encoding.UTF8.GetString(Split(options).FsName!));

    [Fact]
    public void Several_lists_are_one()
    {
        MountOptions split = Split("ro,a", "rw,b");

        Assert.False(split.ReadOnly);
        Assert.Equal("a|b", Texts(split.ServerWords));
    }

    [Fact]
    public void Ranges_of_ids_are_taken()
    {
        MountOptions split = Split("idmap=65536-70000,idmap=100000,idmap=4294967294-4294967294");

        Assert.Equal([new IdSpan(65536, 70000), new IdSpan(100000, 100000), new IdSpan(4294967294, 4294967294)], split.IdSpans);
    }

    [Theory]
    [InlineData("idmap=")]
    [InlineData("idmap")]
    [InlineData("idmap=65535-70000")]
    [InlineData("idmap=70001-70000")]
    [InlineData("idmap=70000-4294967295")]
    [InlineData("idmap=70000-4294967296")]
    [InlineData("idmap=+70000")]
    [InlineData("idmap=70000-")]
    [InlineData("idmap=70000-80000,idmap=80000-90000")]
    [InlineData("idmap=70000,idmap=off")]
    public void Ranges_that_mean_nothing_are_refused(string options)
    {
        MountFailedException failed = Assert.Throws<MountFailedException>(() => Split(options));

        Assert.Same(Rule.OptionsAreUnderstood, failed.Failure.Rule);
        Assert.Equal(ExitCode.Usage, failed.Failure.ExitCode);
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("writeback_throttle=on", true)]
    [InlineData("writeback_throttle=off", false)]
    [InlineData("writeback_throttle=off,writeback_throttle=on", true)]
    public void The_writeback_throttle_is_there_unless_it_is_switched_off(string options, bool expected) =>
        Assert.Equal(expected, Split(options).WritebackThrottle);

    [Theory]
    [InlineData("writeback_throttle")]
    [InlineData("writeback_throttle=")]
    [InlineData("writeback_throttle=0")]
    public void A_switch_is_on_or_off(string options) =>
        Assert.Same(Rule.OptionsAreUnderstood, Assert.Throws<MountFailedException>(() => Split(options)).Failure.Rule);

    [Fact]
    public void Bytes_that_are_no_text_reach_the_server_unchanged()
    {
        byte[] word = [(byte)'a', (byte)'=', 0xff, 0xfe, 0xc3];

        Assert.Equal(word, Assert.Single(MountOptionSplitter.Split([word]).ServerWords).Text.ToArray());
    }

    [Fact]
    public void State_of_the_kernel_may_be_repeated_on_remount_alone()
    {
        Assert.Throws<MountFailedException>(() => Split("user_id=0"));
        Assert.Equal("user_id=0|group_id=0", Texts(Split("remount,user_id=0,group_id=0").StateWords));
    }

    [Fact]
    public void A_security_label_is_for_the_kernel() =>
        Assert.Equal("context=\"system_u:object_r:tmp_t:s0:c1,c2\"", Texts(Split("context=\"system_u:object_r:tmp_t:s0:c1,c2\"").SecurityWords));
}
