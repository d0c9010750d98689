namespace MountHelper;

/// <summary>Refusals that are the caller's mistake: exit code 1, "incorrect invocation".</summary>
public static class OptionError
{
    public static MountFailedException Because(Rule? rule, string problem, string? advice = null) =>
        new(new MountFailure(problem) { Rule = rule, Advice = advice, ExitCode = ExitCode.Usage });
}
