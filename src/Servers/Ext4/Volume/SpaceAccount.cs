namespace Servers.Ext4;

/// <summary>What statfs needs and only a pass over all groups knows.</summary>
internal sealed class SpaceAccount(Superblock superblock)
{
    private const ulong MaximumReservedClusters = 4096;

    // With bigalloc, structures share clusters: the areas are kept until they can be counted without counting any twice.
    private readonly List<(ulong First, ulong Last)> _areas = [];
    private readonly bool _shares = superblock.ClusterBits > 0 && !IsOverheadStored(superblock);

    private ulong _freeClusters;
    private ulong _freeInodes;
    private ulong _structures;
    private ulong _journalBlocks;

    public void AddGroup(uint group, in GroupDescriptor descriptor, uint copies, uint overhead)
    {
        _freeClusters += descriptor.FreeClusters;
        _freeInodes += descriptor.FreeInodes;
        if (!_shares)
        {
            // Two bitmaps beside the inode table.
            _structures += overhead + superblock.InodeTableBlocks + 2;
            return;
        }

        AddArea(superblock.GroupFirstBlock(group), copies);
        AddArea(descriptor.BlockBitmap.Value, 1);
        AddArea(descriptor.InodeBitmap.Value, 1);
        AddArea(descriptor.InodeTable.Value, superblock.InodeTableBlocks);
    }

    public void AddJournal(ulong blocks) => _journalBlocks += blocks;

    /// <summary>Ends the account.</summary>
    public void Seal()
    {
        _areas.Sort();
        ulong next = 0;
        foreach ((ulong first, ulong last) in _areas)
        {
            ulong start = Math.Max(first, next);
            _structures += last >= start ? last - start + 1 : 0;
            next = Math.Max(next, last + 1);
        }

        _areas.Clear();
        _areas.TrimExcess();
    }

    public VolumeStatistics Statistics(bool minix)
    {
        ulong overhead = minix ? 0 : Math.Min(OverheadClusters() << superblock.ClusterBits, superblock.BlocksCount);
        ulong free = _freeClusters << superblock.ClusterBits;
        // Both are numbers of the disk: their sum need not fit.
        ulong available = free - Math.Min(free, superblock.ReservedBlocksCount);
        available -= Math.Min(available, ReservedPool());
        Span<byte> uuid = stackalloc byte[16];
        superblock.Uuid.TryWriteBytes(uuid, bigEndian: true, out _);
        ReadOnlySpan<byte> id = uuid;
        return new VolumeStatistics(
            (uint)superblock.BlockSize,
            superblock.BlocksCount - overhead,
            free,
            available,
            superblock.InodesCount,
            _freeInodes,
            id.U64(0) ^ id.U64(8),
            DirectoryLookup.MaximumName);
    }

    // The stored number wins unless it was never computed or is absurd.
    private static bool IsOverheadStored(Superblock superblock) =>
        superblock.OverheadClusters != 0 && superblock.OverheadClusters <= superblock.BlocksCount;

    private void AddArea(ulong block, uint count)
    {
        if (count != 0)
        {
            ulong offset = block - superblock.FirstDataBlock;
            _areas.Add((offset >> superblock.ClusterBits, (offset + count - 1) >> superblock.ClusterBits));
        }
    }

    private ulong OverheadClusters()
    {
        if (IsOverheadStored(superblock))
        {
            return superblock.OverheadClusters;
        }

        ulong journal = (_journalBlocks + superblock.BlocksPerCluster - 1) >> superblock.ClusterBits;
        return (superblock.FirstDataBlock >> superblock.ClusterBits) + _structures + journal;
    }

    // s_resv_clusters: 2 %, at most 4096 clusters, which the kernel keeps back so that delayed allocation cannot fail.
    private ulong ReservedPool()
    {
        ulong clusters = Math.Min((superblock.BlocksCount >> superblock.ClusterBits) / 50, MaximumReservedClusters);
        return superblock.Has(IncompatFeatures.Extents) ? clusters << superblock.ClusterBits : 0;
    }
}
