using ServiceHost.Fuse;
using ServiceHost.MountProtocol;

namespace ServiceHost;

/// <summary>What a service answers when it is asked to serve: the filesystem, and how it wants to be mounted.</summary>
public sealed record FuseMountPlan
{
    public required FuseFileSystem FileSystem { get; init; }

    public FuseInitOptions Init { get; init; } = new();

    /// <summary>The kernel checks modes and ACLs before it asks the server.</summary>
    public bool DefaultPermissions { get; init; } = true;

    /// <summary>The S_IFMT part of the root.</summary>
    public uint RootMode { get; init; } = MountRequest.DirectoryRoot;

    /// <summary>Largest READ that the mount option allows; 0 is the kernel's default.</summary>
    public uint MaxRead { get; init; }

    /// <summary>Block size of a fuseblk mount; 0 is the kernel's default.</summary>
    public uint BlockSize { get; init; }

    public bool Fuseblk { get; init; }

    /// <summary>The filesystem only reads: the mount is read-only whatever was asked for, and whoever asked is told.</summary>
    public bool ReadOnly { get; init; }

    /// <summary>Worker threads, each with a device descriptor of its own where the Mounter can give several.</summary>
    public required int Workers { get; init; }
}
