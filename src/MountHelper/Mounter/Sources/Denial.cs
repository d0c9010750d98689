using ServiceHost.Linux;

namespace MountHelper;

/// <summary>
/// An answer of "no" to a server's request. It does not end the conversation (a server may ask for less next), but when the server
/// then gives up, it is what the caller has to know.
/// </summary>
internal sealed record Denial(Errno Errno, string Reason)
{
    public Rule? Rule { get; init; }

    public string? Advice { get; init; }

    public MountFailure ToFailure() => new(Reason) { Rule = Rule, Advice = Advice };
}
