namespace Servers.Ext4;

/// <summary>What statfs needs and only a pass over all groups knows.</summary>
internal sealed class SpaceAccount(Superblock superblock)
{
    private const ulong MaximumReservedClusters = 4096;

    private ulong _freeClusters;
    private ulong _freeInodes;
    private ulong _metadataBlocks;
    private ulong _journalBlocks;

    public void AddGroup(in GroupDescriptor descriptor, uint baseMetadataBlocks)
    {
        _freeClusters += descriptor.FreeClusters;
        _freeInodes += descriptor.FreeInodes;
        // Two bitmaps beside the inode table.
        _metadataBlocks += baseMetadataBlocks + superblock.InodeTableBlocks + 2;
    }

    public void AddJournal(ulong blocks) => _journalBlocks += blocks;

    public VolumeStatistics Statistics(bool minix)
    {
        ulong overhead = minix ? 0 : Math.Min(OverheadClusters() << superblock.ClusterBits, superblock.BlocksCount);
        ulong free = _freeClusters << superblock.ClusterBits;
        ulong reserved = superblock.ReservedBlocksCount + ReservedPool();
        Span<byte> uuid = stackalloc byte[16];
        superblock.Uuid.TryWriteBytes(uuid, bigEndian: true, out _);
        ReadOnlySpan<byte> id = uuid;
        return new VolumeStatistics(
            (uint)superblock.BlockSize,
            superblock.BlocksCount - overhead,
            free,
            free > reserved ? free - reserved : 0,
            superblock.InodesCount,
            _freeInodes,
            id.U64(0) ^ id.U64(8),
            DirectoryLookup.MaximumName);
    }

    // The stored number wins unless it is absurd; with bigalloc, which shares clusters between structures, ours is an estimate.
    private ulong OverheadClusters()
    {
        if (superblock.OverheadClusters != 0 && superblock.OverheadClusters <= superblock.BlocksCount)
        {
            return superblock.OverheadClusters;
        }

        ulong roundUp = superblock.BlocksPerCluster - 1;
        ulong structures = (superblock.FirstDataBlock + _metadataBlocks + roundUp) >> superblock.ClusterBits;
        return structures + ((_journalBlocks + roundUp) >> superblock.ClusterBits);
    }

    // s_resv_clusters: 2 %, at most 4096 clusters, which the kernel keeps back so that delayed allocation cannot fail.
    private ulong ReservedPool()
    {
        ulong clusters = Math.Min((superblock.BlocksCount >> superblock.ClusterBits) / 50, MaximumReservedClusters);
        return superblock.Has(IncompatFeatures.Extents) ? clusters << superblock.ClusterBits : 0;
    }
}
