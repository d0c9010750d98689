using ServiceHost.Linux;

namespace MountHelper.Grants;

/// <summary>What a directory is granted with. Descriptors are borrowed.</summary>
public sealed class DirectoryGrantRequest
{
    /// <summary>The pinned source directory, O_PATH or readable.</summary>
    public required OwnedFd Source { get; init; }

    /// <summary>The source as the caller wrote it, already safe to print; for messages only.</summary>
    public required string SourceName { get; init; }

    /// <summary>The namespace whose map the clones get; null is idmap=off.</summary>
    public required OwnedFd? UserNamespace { get; init; }

    /// <summary>A read-only mount has no read-write clone.</summary>
    public required bool ReadOnly { get; init; }

    /// <summary>Root may be shown what lies under a submount that cannot be id-mapped; others are refused.</summary>
    public required bool CallerIsRoot { get; init; }

    /// <summary>The administrator wrote suid, or dev.</summary>
    public bool AllowSuid { get; init; }

    public bool AllowDev { get; init; }

    /// <summary>
    /// noatime, strictatime, nodiratime of the mount; the source's own where nothing is set. FUSE leaves access times to the server, whose reads
    /// go through the clones: nothing else could keep what these words promise.
    /// </summary>
    public MountAttributes AccessTimes { get; init; }
}
