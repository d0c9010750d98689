using System.Buffers.Binary;

namespace Servers.Ext4;

/// <summary>
/// The group descriptors, read through the metadata cache. As in Linux, a location outside its group refuses the mount, and a wrong
/// checksum does not harm a reader: it is only reported.
/// </summary>
internal sealed class GroupTable(Superblock superblock, BlockReader blocks, FaultLog faults, long superblockAt)
{
    private const int ChecksumOffset = 0x1E;

    public GroupDescriptor Get(uint group)
    {
        if (group >= superblock.GroupCount)
        {
            throw Ext4Exception.Corrupted(CorruptionReason.GroupNumber, value: group, limit: superblock.GroupCount);
        }

        return GroupDescriptor.Decode(Bytes(group), superblock);
    }

    /// <summary>Gives a descriptor whose checksum was looked at, too.</summary>
    public GroupDescriptor GetChecked(uint group)
    {
        GroupDescriptor descriptor = GetLocated(group);
        VerifyChecksum(group, Bytes(group), descriptor);
        return descriptor;
    }

    /// <summary>Gives a descriptor whose structures lie where they may: recovery asks for some before any was checked.</summary>
    public GroupDescriptor GetLocated(uint group)
    {
        GroupDescriptor descriptor = Get(group);
        (ulong first, ulong last) = Range(group);
        RequireInside(descriptor.BlockBitmap, 1, first, last, CorruptionReason.GroupBitmapLocation);
        RequireInside(descriptor.InodeBitmap, 1, first, last, CorruptionReason.GroupBitmapLocation);
        RequireInside(descriptor.InodeTable, superblock.InodeTableBlocks, first, last, CorruptionReason.GroupInodeTableLocation);
        return descriptor;
    }

    /// <summary>Blocks at the start of a group that hold copies of the superblock and of descriptors.</summary>
    public uint BaseMetadataBlocks(uint group)
    {
        uint superblocks = superblock.GroupHasSuperblock(group) ? 1u : 0;
        uint perBlock = (uint)superblock.DescriptorsPerBlock;
        bool meta = superblock.Has(IncompatFeatures.MetaBg);
        if (meta && group / perBlock >= superblock.FirstMetaBlockGroup)
        {
            uint place = group % perBlock;
            return superblocks + (place == 0 || place == 1 || place == perBlock - 1 ? 1u : 0);
        }

        uint descriptorBlocks = meta ? superblock.FirstMetaBlockGroup : DescriptorBlockCount();
        return superblocks == 0 ? 0 : 1 + descriptorBlocks + superblock.ReservedDescriptorBlocks;
    }

    /// <summary>What statfs counts for a group's copies: unlike above, with meta_bg also the blocks that are kept for growing.</summary>
    public uint OverheadBlocks(uint group)
    {
        bool meta = superblock.Has(IncompatFeatures.MetaBg) && group / (uint)superblock.DescriptorsPerBlock >= superblock.FirstMetaBlockGroup;
        uint kept = meta && superblock.GroupHasSuperblock(group) ? superblock.ReservedDescriptorBlocks : 0;
        return BaseMetadataBlocks(group) + kept;
    }

    /// <summary>Where a block of descriptors is: behind the superblock, or with meta_bg in the first group that it describes.</summary>
    private FsBlock Location(uint descriptorBlock)
    {
        ulong superblockBlock = (ulong)superblockAt / (uint)superblock.BlockSize;
        if (!superblock.Has(IncompatFeatures.MetaBg) || descriptorBlock < superblock.FirstMetaBlockGroup)
        {
            return new FsBlock(superblockBlock + descriptorBlock + 1);
        }

        uint group = descriptorBlock * (uint)superblock.DescriptorsPerBlock;
        ulong skip = superblock.GroupHasSuperblock(group) ? 1u : 0;
        if (superblock.BlockSize == 1024 && descriptorBlock == 0 && superblock.FirstDataBlock == 0)
        {
            skip++;
        }

        return new FsBlock(superblock.GroupFirstBlock(group) + skip);
    }

    private uint DescriptorBlockCount() =>
        (superblock.GroupCount + (uint)superblock.DescriptorsPerBlock - 1) / (uint)superblock.DescriptorsPerBlock;

    private ReadOnlySpan<byte> Bytes(uint group)
    {
        uint perBlock = (uint)superblock.DescriptorsPerBlock;
        CachedBlock block = blocks.Get(Location(group / perBlock));
        return block.Bytes.Slice((int)(group % perBlock) * superblock.DescriptorSize, superblock.DescriptorSize);
    }

    private (ulong First, ulong Last) Range(uint group)
    {
        bool anywhere = superblock.Has(IncompatFeatures.FlexBg);
        bool toTheEnd = anywhere || group == superblock.GroupCount - 1;
        ulong first = anywhere ? superblock.FirstDataBlock : superblock.GroupFirstBlock(group);
        return (first, toTheEnd ? superblock.BlocksCount - 1 : first + superblock.BlocksPerGroup - 1);
    }

    private static void RequireInside(FsBlock start, uint count, ulong first, ulong last, CorruptionReason reason)
    {
        if (start.Value < first || start.Value > last || last - start.Value < count - 1)
        {
            throw Ext4Exception.Corrupted(reason, block: start.Value, value: start.Value, limit: last);
        }
    }

    private void VerifyChecksum(uint group, ReadOnlySpan<byte> bytes, in GroupDescriptor descriptor)
    {
        if (!superblock.HasGroupChecksums)
        {
            return;
        }

        ushort computed = superblock.HasMetadataChecksums ? Checksum32(group, bytes) : Checksum16(group, bytes);
        if (computed != descriptor.Checksum)
        {
            faults.Report(new Ext4Error(
                Ext4ErrorKind.BadChecksum, CorruptionReason.GroupChecksum, 0, descriptor.InodeTable.Value, descriptor.Checksum, computed));
        }
    }

    private ushort Checksum32(uint group, ReadOnlySpan<byte> bytes)
    {
        uint crc = Crc32c.Append(superblock.ChecksumSeed, group);
        crc = Crc32c.Append(crc, bytes[..ChecksumOffset]);
        crc = Crc32c.AppendZeros(crc, sizeof(ushort));
        return (ushort)(Crc32c.Append(crc, bytes[(ChecksumOffset + sizeof(ushort))..]) & ushort.MaxValue);
    }

    private ushort Checksum16(uint group, ReadOnlySpan<byte> bytes)
    {
        Span<byte> prefix = stackalloc byte[20];
        superblock.Uuid.TryWriteBytes(prefix, bigEndian: true, out _);
        BinaryPrimitives.WriteUInt32LittleEndian(prefix[16..], group);
        ushort crc = Crc16.Append(Crc16.Append(Crc16.Initial, prefix), bytes[..ChecksumOffset]);
        return superblock.Has(IncompatFeatures.Bits64) ? Crc16.Append(crc, bytes[(ChecksumOffset + sizeof(ushort))..]) : crc;
    }
}
