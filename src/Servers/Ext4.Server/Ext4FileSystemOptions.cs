namespace Servers.Ext4.Server;

/// <summary>How a mount behaves: everything the filesystem needs to know beside its volume.</summary>
internal sealed record Ext4FileSystemOptions
{
    public TimeSpan EntryTimeout { get; init; } = TimeSpan.FromDays(1);

    public TimeSpan AttributeTimeout { get; init; } = TimeSpan.FromDays(1);

    /// <summary>statfs counts the filesystem's own structures as part of its size.</summary>
    public bool MinixDf { get; init; }

    public OwnerPolicy Owners { get; init; } = OwnerPolicy.AsOnDisk;
}
