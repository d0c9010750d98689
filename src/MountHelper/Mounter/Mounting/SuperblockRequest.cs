using ServiceHost.Linux;

namespace MountHelper.Mounting;

/// <summary>Everything the kernel is told about a new FUSE superblock and its mount.</summary>
public sealed class SuperblockRequest
{
    /// <summary>"fuse", or "fuseblk" for a block device.</summary>
    public required string FilesystemType { get; init; }

    /// <summary>What stands after the dot in "fuse.passthrough".</summary>
    public required string Subtype { get; init; }

    /// <summary>Shown in mountinfo; for fuseblk the device the kernel opens, as a path of a pinned descriptor or a checked one.</summary>
    public required byte[] Source { get; init; }

    /// <summary>The S_IFMT part of the root's mode.</summary>
    public required uint RootMode { get; init; }

    public required uint UserId { get; init; }

    public required uint GroupId { get; init; }

    public bool AllowOther { get; init; }

    public bool DefaultPermissions { get; init; }

    /// <summary>0 is the kernel's default.</summary>
    public uint MaxRead { get; init; }

    /// <summary>fuseblk only; 0 is the kernel's default.</summary>
    public uint BlockSize { get; init; }

    /// <summary>Flags of the mount.</summary>
    public MountAttributes Attributes { get; init; }

    /// <summary>Words for the superblock beyond those above: "ro", "sync", "dirsync", "lazytime", or "context=...".</summary>
    public IReadOnlyList<string> SuperblockWords { get; init; } = [];
}
