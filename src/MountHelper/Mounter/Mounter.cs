using MountHelper.Registry;
using ServiceHost.Linux;
using ServiceHost.MountProtocol;

namespace MountHelper;

/// <summary>
/// Mounts a plan. Reads no filesystem, holds nothing beyond the call, and either leaves a mount that its server serves or nothing
/// at all. fuservicemount runs it for root, the broker will for everybody else; both bring a plan whose objects are pinned.
/// </summary>
public static class Mounter
{
    public static void Mount(MountPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ServicePolicy policy = MountPolicy.Load().For(plan.Type);
        CheckCaller(plan, policy);
        using MountRegistry registry = OpenRegistry();
        MountQuota.Of(plan, policy)?.ThrowIfSpent(registry);
        Deadline deadline = Deadline.In(plan.Options.Timeout);
        using Conversation conversation = new(plan, ServiceConnector.Connect(plan, deadline, out Dialect dialect), deadline);
        if (dialect == Dialect.Own)
        {
            using OwnSession session = new(plan, policy, registry, conversation);
            session.Run();
        }
        else
        {
            LevelRequirement.CheckForeign(policy);
            using V1Session session = new(plan, policy, registry, conversation);
            session.Run();
        }
    }

    /// <summary>mount -f: everything that can be found wrong without starting a server.</summary>
    public static void Check(MountPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        CheckCaller(plan, MountPolicy.Load().For(plan.Type));
        if (!IsServicePresent(plan.Type, plan.Options.Protocol))
        {
            throw ServiceConnector.NoService(plan.Type, plan.Options.Protocol);
        }
    }

    /// <summary>Whether there is a socket for a type; looking starts nothing.</summary>
    public static bool IsServicePresent(ServiceType type, ServiceProtocol protocol) => ServiceConnector.IsPresent(type, protocol);

    public static MountFailedException NoService(ServiceType type, ServiceProtocol protocol) => ServiceConnector.NoService(type, protocol);

    internal static MountRegistry OpenRegistry() =>
        MountRegistry.TryOpen(out MountRegistry? registry, out GrantRefusal? refusal) ? registry : throw refusal.ToException();

    private static void CheckCaller(MountPlan plan, ServicePolicy policy)
    {
        if (!plan.Caller.IsRoot)
        {
            UserRules.Check(plan, policy);
        }

        if (plan.Type.FuseBlk)
        {
            MountFailedException.ThrowIfBroken(Rule.FuseblkNeedsRootAndDevice,
                !plan.Caller.IsRoot || plan.Source?.Kind != SourceKinds.BlockDevice,
                $"{plan.Display}: a fuseblk mount needs a block device, and root", $"mount it as fuse.{plan.Type.Name}");
        }
    }
}
