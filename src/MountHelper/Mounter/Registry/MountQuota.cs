using System.Globalization;
using ServiceHost.Linux;

namespace MountHelper.Registry;

/// <summary>
/// How many mounts a user may have: of all kinds by /etc/fuse.conf, of one type by its policy. Counted are the entries of the registry,
/// those of mounts being made included, and FUSE mounts of the user's that others made (fusermount3).
/// </summary>
public sealed record MountQuota(uint Owner, string Type, int? Most, uint? MostOfType)
{
    /// <summary>null for root, who has none.</summary>
    public static MountQuota? Of(MountPlan plan, ServicePolicy policy)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(policy);
        return plan.Caller.IsRoot ? null : new MountQuota(plan.Caller.Uid, plan.Type.Name, FuseConf.Load().MountMax, policy.MountMax);
    }

    /// <summary>Before a server is started; what counts in the end is the reservation.</summary>
    public void ThrowIfSpent(MountRegistry registry)
    {
        if (Refuse(registry) is GrantRefusal refusal)
        {
            throw refusal.ToException();
        }
    }

    public GrantRefusal? Refuse(MountRegistry registry)
    {
        ArgumentNullException.ThrowIfNull(registry);
        List<RegistryEntry> own = [.. registry.ReadLive().Where(entry => entry.Owner == Owner)];
        int ofType = own.Count(entry => entry.Type == Type);
        int all = own.Count + CountForeign(own);
        return Rule.MountsPerUserAreBounded.IsBrokenBy(ofType >= (MostOfType ?? uint.MaxValue))
            ? TooMany($"uid {Owner} has {ofType} {Type} mounts", $"mount_max in {MountPolicy.Path}")
            : Rule.MountsPerUserAreBounded.IsBrokenBy(all >= (Most ?? int.MaxValue))
                ? TooMany($"uid {Owner} has {all} FUSE mounts", $"mount_max in {FuseConf.Path}")
                : null;
    }

    private static GrantRefusal TooMany(string problem, string limit) => new(
        RefusalKind.TooManyMounts, Errno.EUSERS, $"{problem}, which are as many as a user may have", $"unmount one, or have {limit} raised")
    {
        Rule = Rule.MountsPerUserAreBounded,
    };

    /// <summary>One per superblock: a bind mount is no second one.</summary>
    private int CountForeign(List<RegistryEntry> own)
    {
        string mark = string.Create(CultureInfo.InvariantCulture, $"user_id={Owner}");
        HashSet<(uint, uint)> known = [.. own.Select(static entry => (entry.Mount.DeviceMajor, entry.Mount.DeviceMinor))];
        return MountTable.Read(out MountTable table).IsError ? 0 : table.Entries
            .Where(entry => entry.Type == "fuse" || entry.Type.StartsWith("fuse.", StringComparison.Ordinal))
            .Where(entry => entry.SuperOptions.Split(',').Contains(mark))
            .Select(static entry => (entry.DeviceMajor, entry.DeviceMinor))
            .Where(device => !known.Contains(device))
            .Distinct().Count();
    }
}
