using ServiceHost.MountProtocol;

namespace MountHelper;

/// <summary>
/// Why there is no mount: what failed and why in one clause, what the caller can do about it in another. The text is made of
/// parts that are already safe to print (<see cref="DisplayText"/>).
/// </summary>
public sealed record MountFailure(string Problem)
{
    public Rule? Rule { get; init; }

    public string? Advice { get; init; }

    public int ExitCode { get; init; } = MountHelper.ExitCode.Failure;

    public override string ToString()
    {
        string advice = Advice is null ? "" : $"; {Advice}";
        string rule = Rule is null ? "" : $" [{Rule.Id}]";
        return Problem + advice + rule;
    }
}
