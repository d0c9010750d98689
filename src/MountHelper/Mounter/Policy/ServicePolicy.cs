using ServiceHost.MountProtocol;

namespace MountHelper;

/// <summary>
/// What the administrator decided for the servers of one type: the values of its section, else those of [*], else the ones here.
/// </summary>
public sealed record ServicePolicy
{
    /// <summary>Without a policy a server attests what it can do for itself; the packaged policy asks for more.</summary>
    public ContainmentLevel Require { get; init; } = ContainmentLevel.Plain;

    /// <summary>Whether others than root may mount this type.</summary>
    public bool Users { get; init; } = true;

    /// <summary>How many mounts of this type one user may have; null is no limit beyond the one for all types in /etc/fuse.conf.</summary>
    public uint? MountMax { get; init; }

    /// <summary>Bytes of memory that the unit of one server may use; null leaves it to the unit.</summary>
    public ulong? MemoryMax { get; init; }

    /// <summary>Tasks that the unit of one server may have; null leaves it to the unit.</summary>
    public uint? TasksMax { get; init; }

    public IReadOnlyList<PolicyEntry> Allowed { get; init; } = [];

    public PolicyEntry? FindRole(string role) => Allowed.FirstOrDefault(entry => entry.Role == role);

    public PolicyEntry? FindPath(ReadOnlySpan<byte> path)
    {
        foreach (PolicyEntry entry in Allowed)
        {
            if (entry.Role is null && path.SequenceEqual(entry.Path))
            {
                return entry;
            }
        }

        return null;
    }
}
