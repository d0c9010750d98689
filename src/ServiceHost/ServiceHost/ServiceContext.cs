using ServiceHost.Diagnostics;
using ServiceHost.Linux;
using ServiceHost.MountProtocol;
using ServiceHost.Options;

namespace ServiceHost;

/// <summary>Everything a service knows about the mount it is to serve.</summary>
public sealed class ServiceContext
{
    // One that waits for a disk must not keep all others waiting.
    private const int FewestWorkers = 2;

    public required ServiceMode Mode { get; init; }

    /// <summary>SOURCE as the caller typed it: a name to show, not a path to open.</summary>
    public required string SourceName { get; init; }

    /// <summary>MOUNTPOINT as the caller typed it: a name to show.</summary>
    public required string MountpointName { get; init; }

    public required MountOptions Options { get; init; }

    public required IReadOnlyList<GrantedRole> Roles { get; init; }

    /// <summary>The mount is read-only.</summary>
    public required bool ReadOnly { get; init; }

    /// <summary>
    /// The administrator wrote suid. Otherwise the service refuses to store set-user-ID bits, set-group-ID bits on anything but
    /// directories, and security.capability: the mount's nosuid does not protect the native path to the same files.
    /// </summary>
    public required bool AllowSuid { get; init; }

    /// <summary>The administrator wrote dev.</summary>
    public required bool AllowDev { get; init; }

    /// <summary>Whoever typed mount, as seen from outside; in developer mode and v1 this process.</summary>
    public required uint CallerUid { get; init; }

    public required uint CallerGid { get; init; }

    public required IReadOnlyList<uint> CallerGroups { get; init; }

    /// <summary>Ids of the server inside its namespace, or its plain ids where it has none.</summary>
    public required uint Uid { get; init; }

    public required uint Gid { get; init; }

    /// <summary>The capabilities that count inside, as a mask.</summary>
    public required ulong Capabilities { get; init; }

    /// <summary>The id map (inside, host, count); empty where every id is itself.</summary>
    public required IReadOnlyList<IdExtent> IdMap { get; init; }

    /// <summary>CPUs of the machine; the sandbox cannot ask.</summary>
    public required int CpuCount { get; init; }

    /// <summary>CPUs that the machine could ever have; 0 where nobody could tell.</summary>
    public int PossibleCpus { get; init; }

    /// <summary>
    /// An O_PATH descriptor of this process' own /proc/self/fd, for operations that only a path can do; null when it could not be
    /// opened.
    /// </summary>
    public required OwnedFd? ProcSelfFd { get; init; }

    public required ServiceLog Log { get; init; }

    /// <summary>How many threads the caller wants to serve requests, or what suits the machine.</summary>
    public int Workers
    {
        get
        {
            long wanted = Options.Get(CommonOptions.Workers);
            return wanted > 0 ? (int)wanted : Math.Clamp(CpuCount, FewestWorkers, Limits.Devices);
        }
    }

    /// <summary>The role that was granted, or null for an optional one that was not.</summary>
    public GrantedRole? FindRole(string name) => Roles.FirstOrDefault(role => role.Name == name);

    /// <summary>The caller's SOURCE.</summary>
    public GrantedRole Source =>
        FindRole(RoleRequest.Source) ?? throw new InvalidOperationException("The service did not ask for its source.");

    /// <summary>Whether an id exists on this side of the map; creating or giving away to any other is EOVERFLOW.</summary>
    public bool IsMapped(uint id) => IdMap.Count == 0 || IdMap.Any(extent => extent.Contains(id));
}
