using ServiceHost.Linux;
using ServiceHost.MountProtocol;

namespace MountHelper;

/// <summary>What a mount of somebody who is not root may ask for. The rest is the same for everybody.</summary>
internal static class UserRules
{
    public static void Check(MountPlan plan, ServicePolicy policy)
    {
        MountFailedException.ThrowIfBroken(Rule.UsersMayMountTheType, !policy.Users,
            $"only root may mount {plan.Type.Name} ({MountPolicy.Path} says users=no)", "ask the administrator");
        MountOptions options = plan.Options;
        MountFailedException.ThrowIfBroken(Rule.PrivilegedOptionsAreRoots,
            options.IdMapOff || options.IdSpans.Count > 0 || options.SecurityWords.Count > 0,
            "idmap= and security contexts are for root");
        MountFailedException.ThrowIfBroken(Rule.PrivilegedOptionsAreRoots, !options.WritebackThrottle, "writeback_throttle=off is for root");
        MountFailedException.ThrowIfBroken(Rule.PrivilegedOptionsAreRoots,
            !options.Flags.HasFlag(VfsFlags.NoSuid) || !options.Flags.HasFlag(VfsFlags.NoDev), "suid and dev are for root");
        CheckOthers(plan);
        CheckMountpoint(plan.Target);
    }

    private static void CheckOthers(MountPlan plan)
    {
        FuseConf conf = FuseConf.Load();
        foreach (string complaint in conf.Complaints)
        {
            plan.Say(complaint);
        }

        MountFailedException.ThrowIfBroken(Rule.OthersAreAllowedByRoot, plan.AllowOther && !conf.UserAllowOther,
            "allow_other is for root", $"the administrator can write user_allow_other into {FuseConf.Path}");
    }

    private static void CheckMountpoint(MountTarget target)
    {
        MountTableEntry? entry = MountTable.Read(out MountTable table).IsOk ? table.Find(MountIdentity.ReusableId(target.Handle)) : null;
        MountFailedException.ThrowIfBroken(Rule.MountpointIsUncovered, entry is null,
            $"the mountpoint {target.Display} is not in the mount namespace of the broker");
        ulong here = entry!.Id;
        string path = System.Text.Encoding.Latin1.GetString(target.CanonicalPath);
        MountFailedException.ThrowIfBroken(Rule.MountpointIsUncovered,
            table.Entries.Any(other => other.ParentId == here && other.Mountpoint == path),
            $"something was mounted on {target.Display} meanwhile", "try again");
        CoverableFilesystems.Check(target, entry);
    }
}
