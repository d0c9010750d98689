namespace MountHelper.Tests;

/// <summary>
/// The real fuservicemount against servers that speak the protocol wrongly. Whatever a server does, the caller gets one line that names the
/// rule, and there is no mount, nothing granted that is not said, no entry, no process and no zombie afterwards.
/// </summary>
[Trait("Needs", "root")]
public sealed class HostileServerTests
{
    private static readonly Dictionary<string, HostileCase> s_cases =
        OwnCases.All.Concat(V1Cases.All).ToDictionary(static hostile => hostile.Name);

    public static IEnumerable<TheoryDataRow<string>> Names => s_cases.Values.Select(static hostile =>
        new TheoryDataRow<string>(hostile.Name).WithTrait("Rule", hostile.Rule.Id));

    [Theory]
    [MemberData(nameof(Names))]
    public void A_server_that(string misbehaves)
    {
        HostileCase hostile = s_cases[misbehaves];
        using MountSandbox sandbox = new();
        hostile.Prepare?.Invoke(sandbox);
        string source = sandbox.In(hostile.Source);
        using ServiceListener listener = new(
            sandbox.Socket(hostile.Own, "liar"),
            server => hostile.Script(new HostileStage(server, sandbox, source)),
            hostile.Uid);

        using HelperRun run = sandbox.Start("-t", "liar", source, sandbox.Mountpoint, "-o", hostile.Options).Wait();

        listener.Finish();
        AssertRefusal(hostile, run, source, sandbox.Mountpoint);
        Assert.Equal(hostile.Granted, listener.End!.Granted.Count);
        Aftermath.AssertNothingIsLeft(sandbox, run);
    }

    private static void AssertRefusal(HostileCase hostile, HelperRun run, string source, string mountpoint)
    {
        string problem = hostile.Problem.Replace("{src}", source, StringComparison.Ordinal)
            .Replace("{mnt}", mountpoint, StringComparison.Ordinal);
        string[] lines = run.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.NotEmpty(lines);
        string last = lines[^1];
        string expected = $"fuservicemount: {source} on {mountpoint}: {problem}";
        Assert.Equal(expected, last[..Math.Min(expected.Length, last.Length)]);
        Assert.EndsWith($" [{hostile.Shown.Id}]", last, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Failure, run.ExitCode);
    }
}
