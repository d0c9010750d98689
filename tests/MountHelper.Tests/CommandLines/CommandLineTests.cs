using System.Text;
using MountHelper.FuserviceMount;

namespace MountHelper.Tests;

public sealed class CommandLineTests
{
    private static Invocation Parse(string name, params string[] words) =>
        CommandLine.Parse(Encoding.UTF8.GetBytes(name), [.. words.Select(Encoding.UTF8.GetBytes)]);

    private static string Text(byte[]? bytes) => bytes is null ? "(none)" : Encoding.UTF8.GetString(bytes);

    private static string Options(Invocation invocation) => string.Join('+', invocation.OptionLists.Select(Text));

    [Theory]
    [InlineData("/sbin/mount.fuse.passthrough", "passthrough", false)]
    [InlineData("mount.fuseblk.ext4", "ext4", true)]
    [InlineData("./mount.fuse.a.b", "a.b", false)]
    public void The_type_stands_in_the_name_of_a_mount_helper(string name, string type, bool fuseBlk)
    {
        Invocation invocation = Parse(name, "/src", "/mnt", "-o", "rw,nofail");

        Assert.Equal(InvocationKind.Mount, invocation.Kind);
        Assert.Equal((type, fuseBlk), (invocation.Type!.Name, invocation.Type.FuseBlk));
        Assert.Equal(("/src", "/mnt", "rw,nofail"), (Text(invocation.Source), Text(invocation.Mountpoint), Options(invocation)));
    }

    [Fact]
    public void All_that_mount_passes_is_understood()
    {
        Invocation invocation = Parse("mount.fuse.x", "/src", "/mnt", "-s", "-f", "-n", "-v", "-N", "/proc/1/ns/mnt", "-o", "rw,user,_netdev", "-t", "fuse.x");

        Assert.True(invocation is { Sloppy: true, Fake: true, NoUtab: true, Verbose: true });
        Assert.Equal("/proc/1/ns/mnt", Text(invocation.Namespace));
        Assert.Equal("rw,user,_netdev", Options(invocation));
    }

    [Fact]
    public void All_that_umount_passes_is_understood()
    {
        Invocation invocation = Parse("/sbin/umount.fuse.x", "/mnt", "-n", "-l", "-f", "-v", "-r", "-t", "fuse.x", "-N", "77");

        Assert.Equal(InvocationKind.Unmount, invocation.Kind);
        Assert.True(invocation is { Lazy: true, Force: true, NoUtab: true, Verbose: true, ReadOnlyWhenBusy: true, Fake: false });
        Assert.Equal(("/mnt", "77"), (Text(invocation.Mountpoint), Text(invocation.Namespace)));
    }

    [Theory]
    [InlineData("-sfnv")]
    [InlineData("-vnfs")]
    public void Flags_may_stand_together(string cluster)
    {
        Invocation invocation = Parse("fuservicemount", "-t", "x", "a", "b", cluster);

        Assert.True(invocation is { Sloppy: true, Fake: true, NoUtab: true, Verbose: true });
    }

    [Theory]
    [InlineData("-oro")]
    [InlineData("-o|ro")]
    [InlineData("-vo|ro")]
    [InlineData("-vfoao|-o|ro")]
    public void A_value_follows_or_is_attached(string words) =>
        Assert.EndsWith("ro", Options(Parse("fuservicemount", ["-t", "x", "a", "b", .. words.Split('|')])).Replace("+", "", StringComparison.Ordinal), StringComparison.Ordinal);

    [Fact]
    public void Lists_add_up_and_r_and_w_are_options()
    {
        Assert.Equal("a+b+ro", Options(Parse("fuservicemount", "-t", "x", "-o", "a", "s", "-r", "m", "-o", "b")));
        Assert.Equal("rw", Options(Parse("fuservicemount", "-t", "x", "-w", "s", "m")));
    }

    [Fact]
    public void A_unit_is_unmounted_by_its_name()
    {
        Invocation invocation = Parse("fuservicemount", "--unmount-unit", "fuservice-x@0-1-0.service");

        Assert.Equal(InvocationKind.UnmountUnit, invocation.Kind);
        Assert.Equal("fuservice-x@0-1-0.service", Text(invocation.Unit));
        Assert.Throws<MountFailedException>(() => Parse("fuservicemount", "--unmount-unit"));
        Assert.Throws<MountFailedException>(() => Parse("fuservicemount", "--unmount-unit", "a", "b"));
    }

    [Theory]
    [InlineData("none")]
    [InlineData("")]
    public void A_filesystem_can_have_no_source(string source)
    {
        Assert.Null(Parse("mount.fuse.null", source, "/mnt").Source);
        Assert.Null(Parse("fuservicemount", "-t", "null", "/mnt").Source);
    }

    [Fact]
    public void Words_behind_two_dashes_are_words()
    {
        Invocation invocation = Parse("fuservicemount", "-t", "x", "--", "-o", "--help");

        Assert.Equal(("-o", "--help"), (Text(invocation.Source), Text(invocation.Mountpoint)));
    }

    [Theory]
    [InlineData("--unmount|/mnt|-f|-l", true)]
    [InlineData("-f|-l|--unmount|/mnt", true)]
    [InlineData("/mnt|-fl|--unmount", true)]
    public void What_f_means_does_not_depend_on_the_order(string words, bool force)
    {
        Invocation invocation = Parse("fuservicemount", words.Split('|'));

        Assert.Equal(InvocationKind.Unmount, invocation.Kind);
        Assert.Equal((force, true, false), (invocation.Force, invocation.Lazy, invocation.Fake));
    }

    [Theory]
    [InlineData("--help|-t")]
    [InlineData("-h")]
    [InlineData("--check|--help")]
    [InlineData("--unmount|a|b|c|--help")]
    public void Help_wins(string words)
    {
        string[] all = [.. words.Split('|').Where(static word => word != "-t")];

        Assert.Equal(InvocationKind.Help, Parse("fuservicemount", all).Kind);
    }

    [Fact]
    public void Version_check_and_wait_are_understood()
    {
        Assert.Equal(InvocationKind.Version, Parse("fuservicemount", "--version").Kind);
        Assert.Equal(InvocationKind.Check, Parse("fuservicemount", "-t", "x", "--check").Kind);
        Invocation wait = Parse("fuservicemount", "--wait", "/img", "-o", "mount_timeout=9");
        Assert.Equal((InvocationKind.Wait, "/img"), (wait.Kind, Text(wait.Source)));
    }

    [Theory]
    [InlineData("fuservicemount")]
    [InlineData("fuservicemount|a|b")]
    [InlineData("mount.fuse.x")]
    [InlineData("mount.fuse.x|a|b|c")]
    [InlineData("mount.fuse.x|a|b|-t|fuse.y")]
    [InlineData("mount.fuse.x|a||-o|ro")]
    [InlineData("umount.fuse.x")]
    [InlineData("umount.fuse.x|a|b")]
    [InlineData("umount.fuse.x|a|-s")]
    [InlineData("umount.fuse.x|a|-w")]
    [InlineData("fuservicemount|-t|x|--check|a")]
    [InlineData("fuservicemount|--wait|")]
    [InlineData("fuservicemount|--wait|a|--unmount")]
    [InlineData("fuservicemount|-t|x|a|b|-o")]
    [InlineData("fuservicemount|-t|x|a|b|-l")]
    [InlineData("fuservicemount|-t|x|a|b|-q")]
    public void What_is_no_command_is_a_usage_error(string line)
    {
        string[] words = line.Split('|');

        MountFailedException failed = Assert.Throws<MountFailedException>(() => Parse(words[0], words[1..]));
        Assert.Equal(ExitCode.Usage, failed.Failure.ExitCode);
    }

    [Fact]
    public void Words_have_the_length_of_a_path()
    {
        string path = new('a', 4096);

        Assert.Equal(Rule.OptionsAreBounded, Assert.Throws<MountFailedException>(() => Parse("mount.fuse.x", path, "/mnt")).Failure.Rule);
        Assert.Equal(4095, Parse("mount.fuse.x", path[1..], "/mnt").Source!.Length);
    }

    [Theory]
    [InlineData("a\0b\0", "a|b")]
    [InlineData("a\0\0b\0", "a||b")]
    [InlineData("a", "a")]
    [InlineData("", "")]
    public void The_raw_command_line_keeps_empty_words(string text, string expected) =>
        Assert.Equal(expected, string.Join('|', RawArguments.Split(Encoding.ASCII.GetBytes(text)).Select(Text)));
}
