namespace Servers.Ext4;

/// <summary>
/// The superblock, decoded and checked: every number that others divide by, shift by or allocate from is in range once an instance
/// exists. Checks and their order are those of a read-only mount by Linux.
/// </summary>
public sealed partial class Superblock
{
    /// <summary>Offset in the device, whatever the block size.</summary>
    public const int Offset = 1024;

    public const int Size = 1024;

    public const ushort Magic = 0xEF53;

    public required uint InodesCount { get; init; }

    public required ulong BlocksCount { get; init; }

    /// <summary>s_r_blocks_count: what only root may use.</summary>
    public required ulong ReservedBlocksCount { get; init; }

    public required ulong FreeBlocksCount { get; init; }

    public required uint FreeInodesCount { get; init; }

    public required uint FirstDataBlock { get; init; }

    /// <summary>log2 of the block size, 10 to 16.</summary>
    public required int BlockBits { get; init; }

    public int BlockSize => 1 << BlockBits;

    /// <summary>log2 of the blocks in a cluster; 0 without bigalloc.</summary>
    public required int ClusterBits { get; init; }

    public uint BlocksPerCluster => 1u << ClusterBits;

    public required uint BlocksPerGroup { get; init; }

    public required uint ClustersPerGroup { get; init; }

    public required uint InodesPerGroup { get; init; }

    public required uint GroupCount { get; init; }

    public required SuperblockState State { get; init; }

    public required uint Revision { get; init; }

    /// <summary>s_creator_os; only inodes of a filesystem made by Linux (0) carry checksums.</summary>
    public required uint CreatorOs { get; init; }

    public required uint FirstInode { get; init; }

    public required int InodeSize { get; init; }

    public int InodesPerBlock => BlockSize / InodeSize;

    /// <summary>Blocks of one group's inode table.</summary>
    public uint InodeTableBlocks => InodesPerGroup / (uint)InodesPerBlock;

    public required CompatFeatures Compat { get; init; }

    public required IncompatFeatures Incompat { get; init; }

    public required ReadOnlyCompatFeatures ReadOnlyCompat { get; init; }

    public required Guid Uuid { get; init; }

    /// <summary>s_volume_name: bytes up to the first NUL.</summary>
    public required byte[] VolumeName { get; init; }

    public required uint ReservedDescriptorBlocks { get; init; }

    public required Guid JournalUuid { get; init; }

    public required uint JournalInode { get; init; }

    public required uint JournalDevice { get; init; }

    /// <summary>s_jnl_blocks: the journal inode's i_block and size, kept as a backup.</summary>
    public required uint[] JournalBackup { get; init; }

    public required uint LastOrphan { get; init; }

    internal HashSeed HashSeed { get; init; }

    /// <summary>s_def_hash_version: only new directories use it; an indexed one names its own.</summary>
    public required byte DefaultHashVersion { get; init; }

    /// <summary>Names are hashed as unsigned bytes; the other way is an accident of x86 that every disk made there has.</summary>
    public required bool UnsignedHash { get; init; }

    public required int DescriptorSize { get; init; }

    public int DescriptorsPerBlock => BlockSize / DescriptorSize;

    public required uint FirstMetaBlockGroup { get; init; }

    public required ulong MultiMountBlock { get; init; }

    public required ushort MultiMountInterval { get; init; }

    public required uint UserQuotaInode { get; init; }

    public required uint GroupQuotaInode { get; init; }

    public required uint ProjectQuotaInode { get; init; }

    /// <summary>s_overhead_clusters, 0 when it was never computed.</summary>
    public required uint OverheadClusters { get; init; }

    /// <summary>s_backup_bgs: the two groups with a backup under sparse_super2.</summary>
    public required uint[] BackupGroups { get; init; }

    /// <summary>Where every checksum of metadata_csum starts.</summary>
    public required uint ChecksumSeed { get; init; }

    public required ushort Encoding { get; init; }

    public required ushort EncodingFlags { get; init; }

    public required uint OrphanFileInode { get; init; }

    public bool HasInodeChecksums => HasMetadataChecksums && CreatorOs == 0;

    public bool HasMetadataChecksums => Has(ReadOnlyCompatFeatures.MetadataCsum);

    /// <summary>Group descriptors carry a checksum, of either kind, and may say that a group's tables were never written.</summary>
    public bool HasGroupChecksums => Has(ReadOnlyCompatFeatures.GdtCsum) || HasMetadataChecksums;

    public bool Has(CompatFeatures feature) => (Compat & feature) != 0;

    public bool Has(IncompatFeatures feature) => (Incompat & feature) != 0;

    public bool Has(ReadOnlyCompatFeatures feature) => (ReadOnlyCompat & feature) != 0;

    /// <summary>Whether a group starts with a copy of the superblock and of the descriptors.</summary>
    public bool GroupHasSuperblock(uint group)
    {
        if (group == 0)
        {
            return true;
        }

        if (Has(CompatFeatures.SparseSuper2))
        {
            return group == BackupGroups[0] || group == BackupGroups[1];
        }

        if (group <= 1 || !Has(ReadOnlyCompatFeatures.SparseSuper))
        {
            return true;
        }

        return (group & 1) != 0 && (IsPowerOf(group, 3) || IsPowerOf(group, 5) || IsPowerOf(group, 7));
    }

    /// <summary>First block of a group. The caller has checked the group's number.</summary>
    public ulong GroupFirstBlock(uint group) => FirstDataBlock + ((ulong)group * BlocksPerGroup);

    private static bool IsPowerOf(uint number, uint root)
    {
        ulong power = root;
        while (power < number)
        {
            power *= root;
        }

        return power == number;
    }
}
