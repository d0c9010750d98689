namespace ServiceHost.Fuse;

/// <summary>What INIT agreed on. Immutable; valid for the life of the mount.</summary>
public sealed record FuseConnection
{
    /// <summary>The kernel's minor version.</summary>
    public required uint KernelMinor { get; init; }

    /// <summary>The version both sides speak.</summary>
    public required uint Minor { get; init; }

    /// <summary>What the kernel can do.</summary>
    public required FuseInitFlags Offered { get; init; }

    /// <summary>What is in effect.</summary>
    public required FuseInitFlags Flags { get; init; }

    /// <summary>Largest data of a WRITE, in bytes.</summary>
    public required uint MaxWrite { get; init; }

    /// <summary>Largest READ, READDIR, GETXATTR or IOCTL output that can be asked for, in bytes.</summary>
    public required int MaxReply { get; init; }

    /// <summary>Pages of one request.</summary>
    public required ushort MaxPages { get; init; }

    public required uint MaxReadahead { get; init; }

    public required ushort MaxBackground { get; init; }

    public required ushort CongestionThreshold { get; init; }

    public required uint TimeGranularity { get; init; }

    public required uint MaxStackDepth { get; init; }

    /// <summary>Where files are registered for <see cref="FuseInitFlags.Passthrough"/>; null when that was not agreed on.</summary>
    public IBackingFiles? BackingFiles { get; init; }

    /// <summary>Seconds, 0 when the kernel has no request timeout or none was wanted.</summary>
    public required ushort RequestTimeout { get; init; }

    public bool Has(FuseInitFlags flags) => (Flags & flags) == flags;
}
