using ServiceHost.MountProtocol;

namespace MountHelper;

/// <summary>No mount for a server that is contained less than the policy demands of its type.</summary>
internal static class LevelRequirement
{
    /// <param name="missing">What the server says is missing to the next level.</param>
    public static void Check(ServicePolicy policy, ContainmentLevel attested, string missing) =>
        MountFailedException.ThrowIfBroken(Rule.ContainmentIsAsRequired, attested < policy.Require,
            $"the server attests containment {NameOf(attested)} and {MountPolicy.Path} requires {NameOf(policy.Require)}"
                + (missing.Length > 0 ? $": {missing}" : ""),
            "start it by its systemd unit, or set require= for its type");

    /// <summary>
    /// A foreign service attests nothing. The administrator who installed it may want it all the same, where not even the packaged
    /// demand for full containment stands.
    /// </summary>
    public static void CheckForeign(ServicePolicy policy) =>
        MountFailedException.ThrowIfBroken(Rule.ContainmentIsAsRequired, policy.Require == ContainmentLevel.Full,
            $"a service of libfuse's protocol attests no containment and {MountPolicy.Path} requires full",
            "set require=plain for its type");

    public static string NameOf(ContainmentLevel level) => level switch
    {
        ContainmentLevel.Full => "full",
        ContainmentLevel.Plain => "plain",
        _ => "none",
    };
}
