using MountHelper.Grants;
using MountHelper.Mounting;

namespace MountHelper.Registry;

/// <summary>One mount as the registry knows it: one file, named after <see cref="Id"/>.</summary>
public sealed record RegistryEntry
{
    public required ulong Id { get; init; }

    /// <summary>False between the reservation of the ids and the attach.</summary>
    public bool IsConfirmed { get; init; }

    /// <summary>The process that is mounting; while it lives the entry is not stale even if its mount is not there yet.</summary>
    public required ProcessStamp Mounter { get; init; }

    /// <summary>The inode of the mount namespace; whoever is in another one cannot see whether the mount is there.</summary>
    public required ulong MountNamespace { get; init; }

    /// <summary>Private host ids; empty when the server has none.</summary>
    public HostIdRange Range { get; init; }

    /// <summary>"passthrough".</summary>
    public string Type { get; init; } = "";

    /// <summary>As mountinfo shows it.</summary>
    public byte[] Source { get; init; } = [];

    /// <summary>Where it was attached; mounts move, so this is for people and for the utab entry.</summary>
    public byte[] Mountpoint { get; init; } = [];

    public MountName Mount { get; init; }

    /// <summary>The systemd unit of the server, when there is one.</summary>
    public string Unit { get; init; } = "";

    /// <summary>Who asked for the mount, and so may unmount it.</summary>
    public uint Owner { get; init; }

    public DateTimeOffset Time { get; init; }

    /// <summary>
    /// The options that are not the kernel's, joined by commas as the caller wrote them: what remount may repeat and not change. Empty when
    /// they are too many to keep.
    /// </summary>
    public byte[] Options { get; init; } = [];
}
