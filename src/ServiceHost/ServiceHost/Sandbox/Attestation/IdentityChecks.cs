using ServiceHost.Linux;

namespace ServiceHost.Sandbox;

/// <summary>Who the process is: real, effective, saved and filesystem ids, and the groups.</summary>
internal static class IdentityChecks
{
    public static void Check(AttestationExpectation expected, PropertyReport report)
    {
        ThreadIds ids = ThreadIds.Read();
        bool asTold = expected.Identity is { } identity
            ? ids.AllUidsAre(identity.Uid) && ids.AllGidsAre(identity.Gid)
            : ids.AllUidsAre(ids.Effective) && ids.Effective != 0 && ids.AllGidsAre(ids.EffectiveGroup) && ids.EffectiveGroup != 0;
        report(ContainmentProperty.Ids, asTold, ids.ToString());

        IReadOnlyList<uint> allowed = expected.Identity?.Groups ?? [ids.EffectiveGroup];
        bool known = Libc.Getgroups(out uint[] groups).IsOk;
        report(ContainmentProperty.Groups, known && Array.TrueForAll(groups, allowed.Contains), $"groups {string.Join(' ', groups)}");
    }
}
