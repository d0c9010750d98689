using ServiceHost.MountProtocol;

namespace ServiceHost.Tests;

public sealed class ServiceCommandLineTests
{
    [Theory]
    [InlineData(ServiceCommand.Serve)]
    [InlineData(ServiceCommand.Help, "--help")]
    [InlineData(ServiceCommand.Help, "--foreground", "-h")]
    [InlineData(ServiceCommand.Version, "--version")]
    [InlineData(ServiceCommand.Version, "-V")]
    [InlineData(ServiceCommand.OptionHelp, "-o", "help")]
    [InlineData(ServiceCommand.OptionHelp, "--foreground", "/s", "/m", "-o", "rw,help")]
    public void Commands_for_a_person(object command, params string[] args) =>
        Assert.Equal(command, ServiceCommandLine.Parse(args).Command);

    [Fact]
    public void Developer_mode_has_source_mountpoint_and_options()
    {
        ServiceCommandLine line = ServiceCommandLine.Parse(["--foreground", "-o", "ro", "/s", "/m", "-o", "cache=never"]);
        Assert.Equal(
            (ServiceCommand.Foreground, "/s", "/m", "ro,cache=never"),
            (line.Command, line.Source, line.Mountpoint, line.OptionText));
    }

    [Theory]
    [InlineData(ContainmentLevel.Full)]
    [InlineData(ContainmentLevel.Full, "--require=full")]
    [InlineData(ContainmentLevel.Plain, "--require=plain")]
    public void Full_containment_is_demanded_unless_less_is_asked_for(ContainmentLevel level, params string[] args)
    {
        ServiceCommandLine line = ServiceCommandLine.Parse(args);
        Assert.Equal((ServiceCommand.Serve, level), (line.Command, line.Required));
    }

    [Theory]
    [InlineData("--require=none: the levels are 'full' (in its unit) and 'plain' (anywhere else)", "--require=none")]
    [InlineData("--require=: the levels are 'full' (in its unit) and 'plain' (anywhere else)", "--require=")]
    [InlineData("--foreground has no containment, so nothing can be required of it", "--foreground", "--require=plain", "/s", "/m")]
    [InlineData("nothing to do: a service is started by its socket, --foreground SOURCE MOUNTPOINT mounts by hand", "--require=plain", "/s")]
    [InlineData("--foreground needs SOURCE and MOUNTPOINT", "--foreground", "/s")]
    [InlineData("--foreground needs SOURCE and MOUNTPOINT", "--foreground", "/s", "/m", "/x")]
    [InlineData("unknown argument '--debug' (--help shows the known ones)", "--debug")]
    [InlineData("unknown argument '-x' (--help shows the known ones)", "--foreground", "-x", "/s", "/m")]
    [InlineData("-o needs a list of options", "--foreground", "/s", "/m", "-o")]
    [InlineData("nothing to do: a service is started by its socket, --foreground SOURCE MOUNTPOINT mounts by hand", "/s", "/m")]
    public void Anything_else_is_refused_with_advice(string reason, params string[] args) =>
        Assert.Equal(reason, Assert.Throws<ServiceException>(() => ServiceCommandLine.Parse(args)).Message);
}
