namespace Servers.Ext4.Server;

/// <summary>Whose files a mount shows; null is "as on the disk".</summary>
/// <param name="Umask">Permission bits that are taken away.</param>
internal sealed record OwnerPolicy(uint? Uid, uint? Gid, uint Umask)
{
    public static OwnerPolicy AsOnDisk { get; } = new(null, null, 0);
}
