using System.Numerics;

namespace Servers.Ext4;

public sealed partial class Superblock
{
    private const int MaximumBlockLog = 6;
    private const int MaximumClusterLog = 20;
    private const uint OldRevisionFirstInode = 11;
    private const int OldInodeSize = 128;
    private const int OldDescriptorSize = 32;
    private const int MinimumDescriptorSize64 = 64;
    private const int MaximumDescriptorSize = 1024;
    private const uint FlagUnsignedHash = 2;
    private const byte ChecksumTypeCrc32c = 1;
    private const int ChecksumOffset = 0x3FC;

    // What this library reads. JOURNAL_DEV has an answer of its own; COMPRESSION and DIRDATA were never in Linux.
    private const IncompatFeatures SupportedIncompat =
        IncompatFeatures.FileType | IncompatFeatures.Recover | IncompatFeatures.MetaBg | IncompatFeatures.Extents
        | IncompatFeatures.Bits64 | IncompatFeatures.MultiMountProtection | IncompatFeatures.FlexBg | IncompatFeatures.EaInode
        | IncompatFeatures.CsumSeed | IncompatFeatures.LargeDir | IncompatFeatures.InlineData | IncompatFeatures.Encrypt
        | IncompatFeatures.CaseFold;

    /// <summary>Decodes the 1024 bytes at <see cref="Offset"/>. Throws <see cref="Ext4Exception"/> with the first thing that is wrong.</summary>
    internal static Superblock Decode(ReadOnlySpan<byte> sb, long deviceLength)
    {
        if (sb.U16(0x38) != Magic)
        {
            throw Ext4Exception.Corrupted(CorruptionReason.NotExt4, value: sb.U16(0x38), limit: Magic);
        }

        uint s_feature_ro_compat = sb.U32(0x64);
        uint s_feature_incompat = sb.U32(0x60);
        int blockBits = 10 + Check(sb.U32(0x18), MaximumBlockLog, CorruptionReason.BlockSize);
        int clusterLog = Check(sb.U32(0x1C), MaximumClusterLog, CorruptionReason.ClusterSize);
        var readOnlyCompat = (ReadOnlyCompatFeatures)s_feature_ro_compat;
        VerifyChecksum(sb, readOnlyCompat);
        var incompat = (IncompatFeatures)s_feature_incompat;
        VerifyFeatures(incompat);

        Superblock decoded = DecodeFields(sb, blockBits, clusterLog, incompat, readOnlyCompat);
        decoded.VerifyGeometry(sb, clusterLog, deviceLength);
        return decoded;
    }

    private static void VerifyChecksum(ReadOnlySpan<byte> sb, ReadOnlyCompatFeatures features)
    {
        if ((features & ReadOnlyCompatFeatures.MetadataCsum) == 0)
        {
            return;
        }

        if (sb[0x175] != ChecksumTypeCrc32c)
        {
            throw Ext4Exception.Corrupted(CorruptionReason.UnknownChecksumType, value: sb[0x175], limit: ChecksumTypeCrc32c);
        }

        uint computed = Crc32c.Append(Crc32c.Initial, sb[..ChecksumOffset]);
        if (sb.U32(ChecksumOffset) != computed)
        {
            throw Ext4Exception.BadChecksum(CorruptionReason.SuperblockChecksum, 0, 0, sb.U32(ChecksumOffset), computed);
        }
    }

    private static void VerifyFeatures(IncompatFeatures incompat)
    {
        if ((incompat & IncompatFeatures.JournalDev) != 0)
        {
            throw Ext4Exception.Corrupted(CorruptionReason.JournalDevice, value: (uint)incompat);
        }

        IncompatFeatures unknown = incompat & ~SupportedIncompat;
        if (unknown != 0)
        {
            throw Ext4Exception.Corrupted(CorruptionReason.UnknownFeature, value: (uint)unknown, limit: (uint)SupportedIncompat);
        }
    }

    private static Superblock DecodeFields(
        ReadOnlySpan<byte> sb, int blockBits, int clusterLog, IncompatFeatures incompat, ReadOnlyCompatFeatures readOnlyCompat)
    {
        uint s_rev_level = sb.U32(0x4C);
        bool wide = (incompat & IncompatFeatures.Bits64) != 0;
        bool bigalloc = (readOnlyCompat & ReadOnlyCompatFeatures.BigAlloc) != 0;
        uint s_blocks_per_group = sb.U32(0x20);
        return new Superblock
        {
            InodesCount = sb.U32(0x00),
            BlocksCount = Wide(sb.U32(0x04), sb.U32(0x150), wide),
            ReservedBlocksCount = Wide(sb.U32(0x08), sb.U32(0x154), wide),
            FreeBlocksCount = Wide(sb.U32(0x0C), sb.U32(0x158), wide),
            FreeInodesCount = sb.U32(0x10),
            FirstDataBlock = sb.U32(0x14),
            BlockBits = blockBits,
            ClusterBits = bigalloc ? ClusterShift(clusterLog, blockBits - 10) : 0,
            BlocksPerGroup = s_blocks_per_group,
            ClustersPerGroup = bigalloc ? sb.U32(0x24) : s_blocks_per_group,
            InodesPerGroup = sb.U32(0x28),
            GroupCount = CountGroups(Wide(sb.U32(0x04), sb.U32(0x150), wide), sb.U32(0x14), s_blocks_per_group),
            State = (SuperblockState)sb.U16(0x3A),
            Revision = s_rev_level,
            FirstInode = s_rev_level == 0 ? OldRevisionFirstInode : sb.U32(0x54),
            InodeSize = DecodeInodeSize(s_rev_level, sb.U16(0x58), 1 << blockBits),
            Compat = (CompatFeatures)sb.U32(0x5C),
            Incompat = incompat,
            ReadOnlyCompat = readOnlyCompat,
            Uuid = new Guid(sb.Slice(0x68, 16), bigEndian: true),
            VolumeName = UpToNul(sb.Slice(0x78, 16)),
            ReservedDescriptorBlocks = sb.U16(0xCE),
            JournalUuid = new Guid(sb.Slice(0xD0, 16), bigEndian: true),
            JournalInode = sb.U32(0xE0),
            JournalDevice = sb.U32(0xE4),
            LastOrphan = sb.U32(0xE8),
            HashSeed = HashSeed.Read(sb.Slice(0xEC, HashSeed.Size)),
            CreatorOs = sb.U32(0x48),
            DefaultHashVersion = sb[0xFC],
            DescriptorSize = DecodeDescriptorSize(wide, sb.U16(0xFE)),
            FirstMetaBlockGroup = sb.U32(0x104),
            JournalBackup = U32Array(sb, 0x10C, 17),
            UnsignedHash = (sb.U32(0x160) & FlagUnsignedHash) != 0,
            MultiMountInterval = sb.U16(0x166),
            MultiMountBlock = sb.U64(0x168),
            UserQuotaInode = sb.U32(0x240),
            GroupQuotaInode = sb.U32(0x244),
            OverheadClusters = sb.U32(0x248),
            BackupGroups = U32Array(sb, 0x24C, 2),
            ProjectQuotaInode = sb.U32(0x26C),
            ChecksumSeed = (incompat & IncompatFeatures.CsumSeed) != 0
                ? sb.U32(0x270)
                : Crc32c.Append(Crc32c.Initial, sb.Slice(0x68, 16)),
            Encoding = sb.U16(0x27C),
            EncodingFlags = sb.U16(0x27E),
            OrphanFileInode = sb.U32(0x280),
        };
    }

    private void VerifyGeometry(ReadOnlySpan<byte> sb, int clusterLog, long deviceLength)
    {
        uint bits = (uint)BlockSize * 8;
        Require(ReservedDescriptorBlocks <= BlockSize / 4, CorruptionReason.ReservedDescriptorBlocks, ReservedDescriptorBlocks, (uint)BlockSize / 4);
        Require(!Has(IncompatFeatures.Encrypt) || sb[0x176] == 0, CorruptionReason.EncryptionLevel, sb[0x176], 0);
        Require(FirstInode >= OldRevisionFirstInode, CorruptionReason.FirstInode, FirstInode, OldRevisionFirstInode);
        Require(InodesPerGroup >= InodesPerBlock && InodesPerGroup <= bits, CorruptionReason.InodesPerGroup, InodesPerGroup, bits);
        Require(ClustersPerGroup <= bits, CorruptionReason.ClustersPerGroup, ClustersPerGroup, bits);
        Require(
            BlocksPerGroup == (ulong)ClustersPerGroup << ClusterBits, CorruptionReason.BlocksPerGroup, BlocksPerGroup, ClustersPerGroup);
        ulong deviceBlocks = (ulong)deviceLength >> BlockBits;
        Require(BlocksCount <= deviceBlocks, CorruptionReason.BlockCountBeyondDevice, BlocksCount, deviceBlocks);
        uint descriptorBlocks = (GroupCount + (uint)DescriptorsPerBlock - 1) / (uint)DescriptorsPerBlock;
        Require(
            !Has(IncompatFeatures.MetaBg) || FirstMetaBlockGroup <= descriptorBlocks, CorruptionReason.FirstMetaBlockGroup,
            FirstMetaBlockGroup, descriptorBlocks);
        bool blockZeroIsBoot = BlockBits == 10 && ClusterBits == 0;
        Require(!blockZeroIsBoot || FirstDataBlock != 0, CorruptionReason.FirstDataBlock, FirstDataBlock, 1);
        Require(
            (ulong)GroupCount * InodesPerGroup == InodesCount, CorruptionReason.InodeCount, InodesCount, (ulong)GroupCount * InodesPerGroup);
    }

    private static uint CountGroups(ulong blocks, uint firstDataBlock, uint blocksPerGroup)
    {
        Require(blocksPerGroup != 0, CorruptionReason.BlocksPerGroup, blocksPerGroup, 0);
        Require(firstDataBlock < blocks, CorruptionReason.FirstDataBlock, firstDataBlock, blocks);
        ulong groups = (blocks - firstDataBlock - 1) / blocksPerGroup;
        Require(groups < uint.MaxValue - MaximumDescriptorSize, CorruptionReason.GroupCount, groups, uint.MaxValue);
        return (uint)groups + 1;
    }

    private static int DecodeInodeSize(uint revision, ushort s_inode_size, int blockSize)
    {
        if (revision == 0)
        {
            return OldInodeSize;
        }

        bool good = s_inode_size >= OldInodeSize && s_inode_size <= blockSize && BitOperations.IsPow2(s_inode_size);
        Require(good, CorruptionReason.InodeSize, s_inode_size, (uint)blockSize);
        return s_inode_size;
    }

    private static int DecodeDescriptorSize(bool wide, ushort s_desc_size)
    {
        if (!wide)
        {
            return OldDescriptorSize;
        }

        bool good = s_desc_size is >= MinimumDescriptorSize64 and <= MaximumDescriptorSize && BitOperations.IsPow2(s_desc_size);
        Require(good, CorruptionReason.DescriptorSize, s_desc_size, MinimumDescriptorSize64);
        return s_desc_size;
    }

    private static int ClusterShift(int clusterLog, int blockLog)
    {
        Require(clusterLog >= blockLog, CorruptionReason.ClusterSize, (uint)clusterLog, (uint)blockLog);
        return clusterLog - blockLog;
    }

    private static int Check(uint value, int maximum, CorruptionReason reason)
    {
        Require(value <= maximum, reason, value, (uint)maximum);
        return (int)value;
    }

    private static void Require(bool condition, CorruptionReason reason, ulong value, ulong limit)
    {
        if (!condition)
        {
            throw Ext4Exception.Corrupted(reason, value: value, limit: limit);
        }
    }

    private static ulong Wide(uint low, uint high, bool wide) => wide ? ((ulong)high << 32) | low : low;

    private static uint[] U32Array(ReadOnlySpan<byte> sb, int offset, int count)
    {
        uint[] values = new uint[count];
        for (int i = 0; i < count; i++)
        {
            values[i] = sb.U32(offset + (i * sizeof(uint)));
        }

        return values;
    }

    private static byte[] UpToNul(ReadOnlySpan<byte> field)
    {
        int end = field.IndexOf((byte)0);
        return field[..(end < 0 ? field.Length : end)].ToArray();
    }
}
