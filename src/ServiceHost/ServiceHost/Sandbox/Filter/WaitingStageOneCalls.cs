using ServiceHost.Linux;
using static ServiceHost.Linux.X64Call;

namespace ServiceHost.Sandbox;

/// <summary>For a stage 1 that stays only to pass on how stage 2 ended: it waits, logs and leaves.</summary>
internal static class WaitingStageOneCalls
{
    public static IReadOnlyList<SystemCallRule> Rules { get; } =
    [
        SystemCallRule.Allow(Close),
        SystemCallRule.Allow(Poll),
        SystemCallRule.Allow(Waitid),
        SystemCallRule.Allow(Write),
    ];
}
