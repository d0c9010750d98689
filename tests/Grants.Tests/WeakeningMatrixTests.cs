using System.Diagnostics;

namespace Grants.Tests;

/// <summary>
/// Each attested property is broken by leaving out every step that provides it, and the attestation says so by name; where two steps
/// provide one, either alone holds it. What the unit provides is broken in Integration.Tests, with the unit.
/// </summary>
[Trait("Needs", "root")]
public sealed class WeakeningMatrixTests(GrantProbeProgram probe) : IClassFixture<GrantProbeProgram>
{
    private const string OfTheUnit = "empty-root ipc-namespace mount-namespace network-namespace read-only-mounts uts-namespace";

    [Fact]
    public void With_every_step_only_the_units_part_is_missing()
    {
        ProbeResult all = Contain("");
        Assert.Equal("", all["plain"]);
        Assert.Equal(OfTheUnit, all["full"]);
        Assert.Equal("Plain", all["level"]);
    }

    // Without Landlock the runtime opens a file at its start and keeps it, hence the descriptors there.
    [Theory]
    [InlineData("session", "session")]
    [InlineData("working-directory", "working-directory")]
    [InlineData("bounding-set", "bounding-capabilities")]
    [InlineData("bounding-set capset", "bounding-capabilities effective-capabilities permitted-capabilities")]
    [InlineData("securebits", "securebits")]
    [InlineData("ids", "ids")]
    [InlineData("groups parent-groups", "groups")]
    [InlineData("namespace", "user-namespace")]
    [InlineData("close", "descriptors")]
    [InlineData("landlock", "descriptors landlock")]
    [InlineData("landlock-rules", "descriptors landlock")]
    [InlineData("first-no-new-privs landlock second-no-new-privs filter", "descriptors filter-refuses landlock no-new-privileges seccomp")]
    [InlineData("filter", "filter-refuses seccomp")]
    [InlineData("filter mdwe", "filter-refuses seccomp write-xor-execute")]
    [InlineData("ring-restrictions", "ring-restrictions")]
    [InlineData("undumpable", "undumpable")]
    [InlineData("thread", "threads")]
    [InlineData("environment", "environment")]
    [InlineData("core-limit", "core-limit")]
    [InlineData("thread-limit", "thread-limit")]
    [InlineData("memory-limit", "memory-limit")]
    public void A_missing_step_is_named(string omitted, string broken)
    {
        ProbeResult weakened = Contain(omitted);
        Assert.Equal(broken, weakened["plain"]);
        Assert.Equal("None", weakened["level"]);
        Assert.All(broken.Split(' '), property => Assert.Contains(property, weakened["refusal"], StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("capset", "the bounding set holds the permitted and effective sets through the exec")]
    [InlineData("groups", "stage 1 gave its groups up already")]
    [InlineData("parent-groups", "the child gives up what stage 1 kept")]
    [InlineData("mdwe", "the filter refuses executable memory")]
    public void One_of_two_steps_is_enough(string omitted, string reason)
    {
        ProbeResult weakened = Contain(omitted);
        Assert.True(weakened["plain"].Length == 0, $"{reason}, but {weakened["plain"]}");
    }

    [Fact]
    public void Executable_memory_is_refused_without_the_filter_as_well() =>
        Assert.DoesNotContain("write-xor-execute", Contain("filter")["plain"], StringComparison.Ordinal);

    [Fact]
    public void No_new_privs_reaches_every_thread_with_the_filter() =>
        Assert.DoesNotContain("no-new-privileges", Contain("first-no-new-privs landlock")["plain"], StringComparison.Ordinal);

    [Theory]
    [InlineData("--mount", "mount-namespace")]
    [InlineData("--net", "network-namespace")]
    [InlineData("--ipc", "ipc-namespace")]
    [InlineData("--uts", "uts-namespace")]
    public void A_namespace_is_told_from_the_mounters(string unshare, string property)
    {
        ProbeResult apart = Contain("", unshare);
        Assert.DoesNotContain(property, apart["full"], StringComparison.Ordinal);
        Assert.Equal("", apart["plain"]);
    }

    /// <summary>The kernel's verdicts on the compiled filter, for every number, x32, i386 and all checked arguments.</summary>
    [Fact]
    public void The_kernel_reads_the_filter_as_it_is_meant()
    {
        ProbeResult filter = probe.Run("filter");
        Assert.Equal("0", filter["wrong"]);
        Assert.InRange(int.Parse(filter["compared"]), 20_000, int.MaxValue);
        Assert.Equal("0", filter["i386-not-refused"]);
    }

    /// <summary>In /tmp and with a descriptor too many, which the steps under test have to take away.</summary>
    private ProbeResult Contain(string omitted, params string[] unshare)
    {
        string namespaces = string.Join(',', "user mnt net ipc uts".Split(' ').Select(static name =>
            new FileInfo("/proc/self/ns/" + name).LinkTarget!.Split('[', ']')[1]));
        string prefix = unshare.Length == 0 ? "" : $"unshare {string.Join(' ', unshare)} ";
        using Process process = Process.Start(new ProcessStartInfo(
            "bash", ["-c", $"cd /tmp; exec 9</; ulimit -Sc 0; exec {prefix}{probe.Path} contain {namespaces} {omitted}"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        Assert.True(process.WaitForExit(Wait.Patience), "the probe hangs");
        return new ProbeResult(process.ExitCode, output, error.Result);
    }
}
