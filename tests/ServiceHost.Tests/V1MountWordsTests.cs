using ServiceHost.Connection;
using ServiceHost.MountProtocol;

namespace ServiceHost.Tests;

public sealed class V1MountWordsTests
{
    [Theory]
    [InlineData("", 6u, "")]
    [InlineData("ro", 7u, "")]
    [InlineData("ro,rw", 6u, "")]
    [InlineData("suid,dev", 0u, "")]
    [InlineData("dev,suid,nosuid", 2u, "")]
    [InlineData("rw,noatime,cache=never", 0x406u, "cache=never")]
    [InlineData("noexec,sync,dirsync,nosymfollow,nodiratime,relatime,strictatime,lazytime", 0x320_099Eu, "")]
    [InlineData("user,nofail,_netdev,x-systemd.automount,X-mount.mkdir,comment=hi,defaults,a\\,b=1,c", 6u, "a\\,b=1,c")]
    [InlineData("readonly", 6u, "readonly")]
    public void Words_are_sorted_into_flags_and_the_services_options(string options, uint flags, string rest)
    {
        V1MountWords words = V1MountWords.Sort(options);
        Assert.Equal(flags, words.MsFlags);
        Assert.Equal(rest, words.ServiceOptions);
    }

    [Fact]
    public void Nosuid_and_nodev_stand_unless_the_words_were_written()
    {
        Assert.Equal(ArgumentFlags.None, V1MountWords.Sort("rw,exec").Flags);
        Assert.Equal(ArgumentFlags.Suid | ArgumentFlags.Dev | ArgumentFlags.ReadOnly, V1MountWords.Sort("ro,suid,dev").Flags);
    }

    [Fact]
    public void Options_of_the_kernel_are_not_the_services()
    {
        V1MountWords words = V1MountWords.Sort("default_permissions,noallow_other,fsname=my source,x");
        Assert.False(words.AllowOther);
        Assert.Equal("my source", words.FsName);
        Assert.Equal("x", words.ServiceOptions);
        Assert.Null(V1MountWords.Sort("x").AllowOther);
    }

    [Fact]
    public void The_kernel_is_told_what_the_plan_says()
    {
        FuseMountPlan plan = new() { FileSystem = new NullFileSystem(), Workers = 1, MaxRead = 4096, Fuseblk = true, BlockSize = 512 };
        Assert.Equal(
            ["allow_other", "default_permissions", "max_read=4096", "blksize=512"],
            V1MountWords.Sort(string.Empty).KernelOptionsFor(allowOther: true, plan));
        Assert.Empty(V1MountWords.Sort(string.Empty).KernelOptionsFor(
            allowOther: false, plan with { MaxRead = 0, Fuseblk = false, DefaultPermissions = false }));
        Assert.Equal(
            ["default_permissions"],
            V1MountWords.Sort("default_permissions").KernelOptionsFor(allowOther: false, plan with { MaxRead = 0, Fuseblk = false }));
    }

    [Fact]
    public void Arguments_of_libfuse_are_taken_in_any_order()
    {
        ServiceArguments arguments = ServiceArguments.Parse(
            Words("t", "-o", "a,b", "/s", "-oc=1", "-n", "-v", "-r", "/m", "-w"));
        Assert.Equal(("t", "a,b,c=1,ro,rw", true, true), (arguments.Type, arguments.OptionText, arguments.NoMtab, arguments.Verbose));
        Assert.Equal("/s"u8.ToArray(), arguments.Source);
        Assert.Equal("/m"u8.ToArray(), arguments.Mountpoint);
    }

    [Theory]
    [InlineData("a mount needs SOURCE and MOUNTPOINT", "t")]
    [InlineData("a mount needs SOURCE and MOUNTPOINT", "t", "/s")]
    [InlineData("a mount needs SOURCE and MOUNTPOINT", "t", "/s", "/m", "/x")]
    [InlineData("-o needs a list of options", "t", "/s", "/m", "-o")]
    [InlineData("unknown argument '-x'", "t", "/s", "/m", "-x")]
    [InlineData("unknown argument '--help'", "t", "--help")]
    public void Other_arguments_are_refused(string reason, params string[] words) =>
        Assert.Equal(reason, Assert.Throws<ServiceException>(() => ServiceArguments.Parse(Words(words))).Message);

    private static byte[][] Words(params string[] words) => [.. words.Select(System.Text.Encoding.UTF8.GetBytes)];
}
