namespace MountHelper.Keeper;

/// <summary>Why a keeper does not begin, or goes on no longer.</summary>
internal sealed class KeeperException(KeeperRule? rule, string problem)
    : Exception(rule is null ? problem : $"{problem} [{rule.Id}]")
{
    public static void ThrowIfBroken(KeeperRule rule, bool finding, string problem)
    {
        if (rule.IsBrokenBy(finding))
        {
            throw new KeeperException(rule, problem);
        }
    }
}
