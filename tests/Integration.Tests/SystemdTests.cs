using Integration.Tests.Support;

namespace Integration.Tests;

/// <summary>
/// The Debian package on a real systemd, booted in namespaces (eng/systemd-namespace.sh). What is looked at stands in the scripts; each of
/// them is a boot.
/// </summary>
[Trait("Needs", "root")]
public sealed class SystemdTests
{
    // The source is a tmpfs: the root of the booted machine is an overlay, which cannot be id-mapped.
    private const string Fstab = """
        tmpfs /ci/source tmpfs mode=0755 0 0
        /ci/source /ci/mounted fuse.passthrough x-systemd.requires-mounts-for=/ci/source 0 0
        /ci/source /ci/auto fuse.passthrough noauto,x-systemd.automount,x-systemd.requires-mounts-for=/ci/source 0 0
        """;

    [Theory]
    [InlineData("units.sh")]
    [InlineData("weakened.sh")]
    [InlineData("package.sh")]
    [InlineData("rights.sh")]
    [InlineData("users.sh")]
    [InlineData("ext4-image.sh")]
    [InlineData("keeper.sh")]
    public void On_a_booted_machine(string script) => Boot(script, "");

    /// <summary>Long, because the time is that of a thousand processes: it says nothing on a machine that is busy with other tests.</summary>
    [Fact]
    [Trait("Mode", "long")]
    public void Another_user_mounts_within_five_seconds_during_a_flood() => Boot("flood.sh", "");

    [Fact]
    public void Fstab_is_mounted_at_boot_and_unmounted_before_anything_is_killed()
    {
        string[] lines = Boot("boot.sh", Fstab).Split('\n');
        int console = Array.IndexOf(lines, "-- console --");
        int Line(string text) => Array.FindIndex(lines, console, line => line.Contains(text, StringComparison.Ordinal));

        int sigterm = Line("Sending SIGTERM to remaining processes");
        Assert.True(sigterm > 0, "The shutdown has no line about SIGTERM.");
        Assert.InRange(Line("ci-mounted.mount: Deactivated successfully"), console, sigterm);
        Assert.InRange(Line("run-by\\x2dhand.mount: Deactivated successfully"), console, sigterm);

        // A server ends by itself once its mount is gone; systemd, which has nothing left to wait for, may be at its last step before it has seen that.
        string[] servers = [.. lines[console..].Where(static line => line.StartsWith("fuservice-passthrough@", StringComparison.Ordinal))];
        Assert.Contains(servers, static line => line.EndsWith("Deactivated successfully.", StringComparison.Ordinal));
        Assert.DoesNotContain(servers, static line =>
            line.Contains("Failed with result", StringComparison.Ordinal) || line.Contains("code=killed", StringComparison.Ordinal));
        Assert.DoesNotContain(lines[console..], line => line.Contains("not our child", StringComparison.Ordinal));
    }

    private static string Boot(string script, string fstab)
    {
        Assert.True(Environment.GetEnvironmentVariable("FUSERVICE_DEB") is { Length: > 0 }, "FUSERVICE_DEB is not set: these tests run through test.sh.");
        Outcome outcome = Shell.Run(
            TimeSpan.FromMinutes(12),
            Checkout.Root + "/eng/systemd-namespace.sh",
            $"{Checkout.Root}/tests/Integration.Tests/Systemd/{script}",
            fstab);
        Assert.True(outcome.ExitCode == 0, outcome.Output + outcome.Error);
        return outcome.Output;
    }
}
