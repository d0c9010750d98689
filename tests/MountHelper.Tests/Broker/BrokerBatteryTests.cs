namespace MountHelper.Tests;

/// <summary>
/// The real fuservicemountd against callers that mean it no good. Each gets one answer that names the rule; no mount, no entry and no process
/// is left, and no server was reached unless the case is about one.
/// </summary>
[Trait("Needs", "root")]
public sealed class BrokerBatteryTests
{
    private static readonly Dictionary<string, BrokerCase> s_cases = BrokerCases.All.ToDictionary(static hostile => hostile.Name);

    public static IEnumerable<TheoryDataRow<string>> Names => s_cases.Values.Select(static hostile =>
        new TheoryDataRow<string>(hostile.Name).WithTrait("Rule", hostile.Rule?.Id ?? "none"));

    [Theory]
    [MemberData(nameof(Names))]
    public void A_caller_that(string attacks)
    {
        BrokerCase hostile = s_cases[attacks];
        using MountSandbox sandbox = new();
        using BrokerService broker = new(sandbox);
        sandbox.Shell(BrokerStage.Paths(sandbox, hostile.Prepare)).Succeeded().Dispose();
        BrokerStage stage = new(sandbox);
        using ServiceListener listener = new(sandbox.Socket(!hostile.V1, "calm"), server =>
        {
            stage.ServerReached.Set();
            hostile.Server(server);
        });

        ServiceHost.MountProtocol.BrokerAnswer answer = default;
        using (stage)
        {
            UserThread.Run(sandbox, hostile.Uid, hostile.Uid, hostile.Groups, () => answer = hostile.Script(stage));
        }

        Assert.Contains(BrokerStage.Paths(sandbox, hostile.Problem), answer.Text, StringComparison.Ordinal);
        Assert.NotEqual(0u, answer.ExitCode);
        Assert.NotEqual(2u, answer.ExitCode);
        if (hostile.Rule is not null)
        {
            Assert.EndsWith($" [{hostile.Rule.Id}]", answer.Text, StringComparison.Ordinal);
        }

        broker.AssertNothingIsLeft();
        if (hostile.Reaches == true)
        {
            listener.Finish();
        }

        if (hostile.Reaches is { } reaches)
        {
            Assert.Equal(reaches ? 1 : 0, listener.Connections);
        }
    }
}
