using System.Text;

namespace MountHelper.Tests;

/// <summary>The expectations are what fusermount3 reads; only a number beyond 32 bits, which wraps around there, is none here.</summary>
public sealed class FuseConfTests
{
    private static FuseConf Read(string text) => FuseConfReader.Read(Encoding.Latin1.GetBytes(text));

    [Fact]
    public void Nothing_written_allows_a_thousand_mounts_and_nobody_else_to_look()
    {
        FuseConf conf = Read("# comments\n\n   \t\n#user_allow_other\n");

        Assert.Equal((1000, false), (conf.MountMax, conf.UserAllowOther));
        Assert.Empty(conf.Complaints);
    }

    [Theory]
    [InlineData("mount_max = 5\n", 5)]
    [InlineData("  mount_max=7 # seven\n", 7)]
    [InlineData("mount_max   =\t+8 and more\n", 8)]
    [InlineData("mount_max = 0x10\n", 16)]
    [InlineData("mount_max = 010\n", 8)]
    [InlineData("mount_max = 08\n", 0)]
    [InlineData("mount_max = 0\n", 0)]
    [InlineData("mount_max = 5\nmount_max = 6\n", 6)]
    [InlineData("mount_max = 5\nmount_max = -2\n", 5)]
    [InlineData("mount_max = -1\n", null)]
    [InlineData("mount_max = 99999999999999999999\n", 1000)]
    [InlineData("mount_max five\n", 1000)]
    [InlineData("mount_max =\n", 1000)]
    [InlineData("mount_max = 5", 1000)]
    public void The_number_of_mounts_is_read_as_scanf_does(string text, int? expected) => Assert.Equal(expected, Read(text).MountMax);

    [Theory]
    [InlineData("user_allow_other\n", true)]
    [InlineData("\tuser_allow_other  # all\n", true)]
    [InlineData("user_allow_other yes\n", false)]
    [InlineData("user_allow_others\n", false)]
    [InlineData("USER_ALLOW_OTHER\n", false)]
    [InlineData("user_allow_other", false)]
    public void Others_are_allowed_by_the_word_alone(string text, bool expected) => Assert.Equal(expected, Read(text).UserAllowOther);

    [Fact]
    public void A_line_that_is_too_long_or_unknown_has_no_effect_and_is_named()
    {
        FuseConf conf = Read($"user_allow_other {new string(' ', 250)}\nwhatever = \u001b\nmount_max = 3\nuser_allow_other");

        Assert.Equal((3, false), (conf.MountMax, conf.UserAllowOther));
        Assert.Equal(
            ["line 1 of /etc/fuse.conf is too long", "line 2 of /etc/fuse.conf is unknown: whatever = \\u{1b}", "line 4 of /etc/fuse.conf has no newline at its end"],
            conf.Complaints);
    }
}
