using ServiceHost.Linux;

namespace MountHelper;

/// <summary>
/// The one exception of this library. A failure is rare, needs a reason and has to unwind through everything that holds a
/// descriptor, which is the roll-back; the edge (Main, later the broker) turns it into one line and an exit code.
/// </summary>
public sealed class MountFailedException(MountFailure failure) : Exception(failure.ToString())
{
    public MountFailure Failure { get; } = failure;

    public MountFailedException(string problem, Errno errno, string? advice = null)
        : this(new MountFailure($"{problem}: {errno}") { Advice = advice })
    {
    }

    /// <summary>A rule was broken by a finding; nothing happens when it was not.</summary>
    public static void ThrowIfBroken(Rule rule, bool finding, string problem, string? advice = null)
    {
        ArgumentNullException.ThrowIfNull(rule);
        if (rule.IsBrokenBy(finding))
        {
            throw new MountFailedException(new MountFailure(problem) { Rule = rule, Advice = advice });
        }
    }
}
