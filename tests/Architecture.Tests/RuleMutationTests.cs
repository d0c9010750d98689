using System.Diagnostics;

namespace Architecture.Tests;

public sealed class RuleMutationTests
{
    [Fact]
    public void Every_patch_that_takes_out_a_rule_finds_its_place()
    {
        using Process script = Process.Start(new ProcessStartInfo("bash", [Path.Combine(Repository.Root, "eng/rule-mutation.sh"), "--check"])
        {
            RedirectStandardError = true,
        })!;
        string errors = script.StandardError.ReadToEnd();
        script.WaitForExit();
        Assert.True(script.ExitCode == 0, errors);
    }
}
