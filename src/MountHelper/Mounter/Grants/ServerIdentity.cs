using ServiceHost.Linux;

namespace MountHelper.Grants;

/// <summary>Who stage 2 is inside its namespace, and what it may do there.</summary>
public sealed record ServerIdentity(uint Uid, uint Gid, IReadOnlyList<uint> Groups, CapabilitySet Capabilities)
{
    private const uint NobodyId = 65534;

    /// <summary>
    /// For root's mount: root over the granted tree, and nothing else. No CAP_KILL, CAP_MKNOD, CAP_SYS_*: the seven are what serving
    /// files of many owners needs.
    /// </summary>
    public static ServerIdentity Root { get; } = new(
        0, 0, [],
        CapabilitySet.Chown | CapabilitySet.DacOverride | CapabilitySet.Fowner | CapabilitySet.Fsetid
        | CapabilitySet.Setuid | CapabilitySet.Setgid | CapabilitySet.Setfcap);

    /// <summary>For idmap=off: the clone shows the host's owners, of which the server is none.</summary>
    public static ServerIdentity Nobody { get; } = new(NobodyId, NobodyId, [], CapabilitySet.Empty);

    /// <summary>For a user's mount: exactly the caller.</summary>
    public static ServerIdentity OfCaller(uint uid, uint gid, IReadOnlyList<uint> groups) =>
        new(uid, gid, groups, CapabilitySet.Empty);

    /// <summary>The ids of the identity that a map has to have besides 0 to 65535.</summary>
    public IEnumerable<IdSpan> SpansAboveBase() =>
        Groups.Append(Uid).Append(Gid).Where(static id => id >= IdMap.BaseCount).Distinct().Select(IdSpan.Of);
}
