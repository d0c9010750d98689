using ServiceHost.Linux;
using ServiceHost.MountProtocol;

namespace ServiceHost.Stages;

/// <summary>A granted role as stage 2 finds it: the grant, and the numbers of the descriptors that come after the namespace is joined.</summary>
internal sealed record StageTwoRole(string Name, Grant Grant, IReadOnlyList<ushort> Numbers)
{
    /// <summary>The namespace is joined by stage 1's child and not passed on, and the keeper's channel has a place of its own.</summary>
    public static GrantFlags InheritedFlags(Grant grant) =>
        grant.Flags & GrantFlags.Descriptors & ~(GrantFlags.UserNamespace | GrantFlags.Keeper);

    /// <summary>Takes the descriptors over.</summary>
    public GrantedRole Adopt()
    {
        GrantFlags flags = InheritedFlags(Grant);
        return new GrantedRole
        {
            Name = Name,
            Kind = Grant.Kind,
            Access = Grant.Access,
            RwClone = Find(flags, GrantFlags.RwClone),
            RoClone = Find(flags, GrantFlags.RoClone),
            File = Find(flags, GrantFlags.File),
            RwMountId = Grant.RwMountId,
            RoMountId = Grant.RoMountId,
            IsLoop = Grant.Flags.HasFlag(GrantFlags.Loop),
        };
    }

    private OwnedFd? Find(GrantFlags flags, GrantFlags descriptor)
    {
        int index = flags.IndexOf(descriptor);
        return index < 0 ? null : OwnedFd.Take(Numbers[index]);
    }
}
