using ServiceHost.MountProtocol;

namespace MountHelper;

/// <summary>What stands in one section of the policy; null where nothing does.</summary>
internal sealed class PolicySection
{
    public ContainmentLevel? Require { get; set; }

    public bool? Users { get; set; }

    public uint? MountMax { get; set; }

    public ulong? MemoryMax { get; set; }

    public uint? TasksMax { get; set; }

    public List<PolicyEntry> Allowed { get; } = [];

    public ServicePolicy Over(ServicePolicy rest) => new()
    {
        Require = Require ?? rest.Require,
        Users = Users ?? rest.Users,
        MountMax = MountMax ?? rest.MountMax,
        MemoryMax = MemoryMax ?? rest.MemoryMax,
        TasksMax = TasksMax ?? rest.TasksMax,
        Allowed = Allowed,
    };
}
