using ServiceHost.Linux;
using ServiceHost.MountProtocol;

namespace ServiceHost;

/// <summary>What was granted for a role. The descriptors live as long as the service.</summary>
public sealed class GrantedRole
{
    public required string Name { get; init; }

    public required SourceKinds Kind { get; init; }

    public required SourceAccess Access { get; init; }

    /// <summary>A directory as read-write clone (O_PATH); null when the mount is read-only or there is no clone.</summary>
    public OwnedFd? RwClone { get; init; }

    /// <summary>The same directory as read-only clone (O_PATH).</summary>
    public OwnedFd? RoClone { get; init; }

    /// <summary>A regular file or block device; without clones (v1, developer mode) also a directory.</summary>
    public OwnedFd? File { get; init; }

    /// <summary>Unique mount id of <see cref="RwClone"/>; 0 when the kernel has none.</summary>
    public ulong RwMountId { get; init; }

    public ulong RoMountId { get; init; }

    /// <summary>A block device that is the part of an image which the service asked for, and no more.</summary>
    public bool IsLoop { get; init; }

    /// <summary>What a service of directories starts from: the read-write clone if there is one.</summary>
    public OwnedFd Root =>
        RwClone ?? RoClone ?? File ?? throw new InvalidOperationException($"Role '{Name}' came without a descriptor.");
}
