using Integration.Tests.Support;

namespace Integration.Tests;

/// <summary>The units under a real systemd, booted in namespaces (eng/systemd-namespace.sh).</summary>
[Trait("Needs", "root")]
public sealed class SystemdTests
{
    [Theory]
    [InlineData("socket-activation.sh")]
    [InlineData("ext4-image.sh")]
    public void The_units_do_what_they_promise(string script)
    {
        Outcome outcome = Shell.Run(
            TimeSpan.FromMinutes(2),
            Checkout.Root + "/eng/systemd-namespace.sh",
            $"{Checkout.Root}/tests/Integration.Tests/Systemd/{script}");
        Assert.True(outcome.ExitCode == 0, outcome.Output + outcome.Error);
    }
}
