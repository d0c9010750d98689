using ServiceHost.Linux;

namespace MountHelper;

/// <summary>
/// Why a grant, a mount or an unmount was not done. <see cref="Problem"/> and <see cref="Advice"/> are for the person who typed mount;
/// code looks at <see cref="Kind"/> and <see cref="Errno"/>.
/// </summary>
public sealed record GrantRefusal(RefusalKind Kind, Errno Errno, string Problem, string? Advice = null)
{
    /// <summary>The rule that was broken, when it was one.</summary>
    public Rule? Rule { get; init; }

    /// <summary>A system call failed: "what: why".</summary>
    internal static GrantRefusal System(string what, Errno errno) => new(RefusalKind.System, errno, $"{what}: {errno}");

    public override string ToString() => Advice is null ? Problem : $"{Problem}; {Advice}";
}
