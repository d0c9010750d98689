namespace MountHelper;

internal static class GrantRefusalExtensions
{
    /// <summary>The refusal of a grant or a mount call as the failure of the whole mount.</summary>
    public static MountFailedException ToException(this GrantRefusal refusal) =>
        new(new MountFailure(refusal.Problem) { Advice = refusal.Advice, Rule = refusal.Rule });

    public static Denial ToDenial(this GrantRefusal refusal) => new(refusal.Errno, refusal.Problem) { Advice = refusal.Advice, Rule = refusal.Rule };
}
