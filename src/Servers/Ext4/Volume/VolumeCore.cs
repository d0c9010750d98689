namespace Servers.Ext4;

/// <summary>What every reader of structures shares: where the numbers come from and what they are measured against.</summary>
internal sealed class VolumeCore
{
    public VolumeCore(IBlockDevice device, Superblock superblock, VolumeOptions options)
    {
        Superblock = superblock;
        Faults = new FaultLog(options.OnFault);
        Blocks = new BlockReader(device, superblock, options.CacheBytes);
        Groups = new GroupTable(superblock, Blocks, Faults, options.SuperblockAt);
        Zones = new SystemZones(superblock);
        Inodes = new InodeReader(this);
        Attributes = new AttributeReader(this);
    }

    public Superblock Superblock { get; }

    public FaultLog Faults { get; }

    public BlockReader Blocks { get; }

    public GroupTable Groups { get; }

    public SystemZones Zones { get; }

    public InodeReader Inodes { get; }

    public AttributeReader Attributes { get; }

    /// <summary>What fast commits change; null in nearly every filesystem. Set once, before anything but the journal is read.</summary>
    public FastCommitChanges? Changes { get; set; }

    public LookupHints Hints { get; } = new();
}
