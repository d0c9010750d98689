using System.Diagnostics;

namespace Grants.Tests;

/// <summary>Forking: that it works every time, fails with a reason, and leaves nothing.</summary>
[Trait("Needs", "root")]
public sealed class LaunchTests(GrantProbeProgram probe) : IClassFixture<GrantProbeProgram>
{
    [Theory]
    [InlineData("launch-many")]
    [InlineData("namespace-many")]
    public void Two_hundred_in_a_row_leave_no_descriptor_and_no_zombie(string what)
    {
        ProbeResult result = probe.Run(what, "200");
        Assert.Equal("200", result["done"]);
        Assert.Equal("0", result["leaked"]);
        Assert.Equal("0", result["children"]);
        TestContext.Current.TestOutputHelper?.WriteLine($"{what}: median {result["median-ms"]} ms, p99 {result["p99-ms"]} ms");
    }

    [Theory]
    [InlineData("StartSession", "EPERM")]
    [InlineData("JoinUserNamespace", "EINVAL")]
    [InlineData("PlaceDescriptors", "EBADF")]
    [InlineData("OpenProcessFiles", "EMFILE")]
    [InlineData("SetLimits", "EINVAL")]
    [InlineData("DropBoundingSet", "EPERM")]
    [InlineData("LockSecureBits", "EPERM")]
    [InlineData("SetGroups", "EPERM")]
    [InlineData("SetGid", "EPERM")]
    [InlineData("SetUid", "EPERM")]
    [InlineData("SetCapabilities", "EPERM")]
    [InlineData("Execute", "EACCES")]
    [InlineData("Unshare", "ENOSPC")]
    public void The_parent_learns_which_step_of_the_child_failed(string step, string errno)
    {
        ProbeResult result = probe.Run("failure", step);
        Assert.Equal(step, result["step"]);
        Assert.Equal(errno, result["errno"]);
        Assert.Contains(errno, result["text"], StringComparison.Ordinal);
        Assert.Equal("", result["children"]);
    }

    [Fact]
    public void A_child_that_gets_nowhere_is_killed_at_the_deadline()
    {
        long start = Stopwatch.GetTimestamp();
        ProbeResult result = probe.Run("hang", "300");
        Assert.Equal("TimedOut", result["step"]);
        Assert.Equal("", result["children"]);
        Assert.InRange(Stopwatch.GetElapsedTime(start).TotalSeconds, 0.3, 60);
    }

    [Fact]
    public void A_child_that_somebody_kills_is_reported_as_dead()
    {
        using Process parent = probe.Start("hang", "60000");
        Assert.Equal("waiting", parent.StandardOutput.ReadLine());
        int child = Wait.For(() => Children.Of(parent.Id).FirstOrDefault(), static pid => pid != 0);
        using (Process victim = Process.GetProcessById(child))
        {
            victim.Kill();
        }

        Assert.Equal("step: Died", parent.StandardOutput.ReadLine());
        Assert.True(parent.WaitForExit(Wait.Patience));
    }

    [Fact]
    public void With_another_managed_thread_fork_is_refused()
    {
        Assert.Equal("Fork EBUSY", probe.Run("threads")["step"]);
    }

    [Fact]
    public void Stage_2_dies_with_a_killed_stage_1()
    {
        using Process stageOne = probe.Start("orphan");
        int stageTwo = 0;
        while (stageTwo == 0)
        {
            string line = stageOne.StandardOutput.ReadLine() ?? throw new InvalidOperationException(stageOne.StandardError.ReadToEnd());
            stageTwo = line.StartsWith("child: ", StringComparison.Ordinal) ? int.Parse(line[7..]) : 0;
        }

        Assert.True(Directory.Exists($"/proc/{stageTwo}"));
        stageOne.Kill();
        Wait.For("stage 2 to be gone", () => !Directory.Exists($"/proc/{stageTwo}"));
    }
}
