namespace Servers.Ext4;

/// <summary>One name for each lie that a disk can tell.</summary>
public enum CorruptionReason
{
    None,
    DeviceFailed,

    // Superblock: each of these refuses the mount.
    NotExt4,
    UnknownFeature,
    UnsupportedFeature,
    JournalDevice,
    UnknownChecksumType,
    SuperblockChecksum,
    BlockSize,
    ClusterSize,
    UnknownRevision,
    FirstInode,
    InodeSize,
    DescriptorSize,
    InodesPerGroup,
    BlocksPerGroup,
    ClustersPerGroup,
    ReservedDescriptorBlocks,
    BlockCountBeyondDevice,
    FirstDataBlock,
    GroupCount,
    InodeCount,
    EncryptionLevel,
    RootInode,
    OrphanFile,
    JournalInode,
    SystemZone,

    // Group descriptors.
    GroupBitmapLocation,
    GroupInodeTableLocation,
    GroupNumber,

    // Inodes.
    InodeNumberRange,
    InodeUnused,
    InodeChecksum,
    InodeExtraSize,
    InodeMode,
    InodeFileSize,
    InodeFlags,
    InodeLinkCount,
    InodeAttributeBlock,
    SymlinkLength,
    UnexpectedAttributeInode,

    // Block maps.
    ExtentMagic,
    ExtentDepth,
    ExtentMaximum,
    ExtentEntryCount,
    ExtentChecksum,
    ExtentRange,
    ExtentOrder,
    ExtentIndexRange,
    IndirectRange,
    BlockOverlapsMetadata,

    // Directories.
    DirectoryHole,
    DirectoryRecordLength,
    DirectoryRecordAlignment,
    DirectoryNameLength,
    DirectoryRecordCrossesBlock,
    DirectoryInodeRange,
    DirectoryChecksum,
    DirectoryDotEntries,
    DirectoryTooLarge,
    HashTreeRoot,
    HashTreeDepth,
    HashTreeLimit,
    HashTreeChecksum,

    // Extended attributes.
    AttributeMagic,
    AttributeBlockCount,
    AttributeChecksum,
    AttributeEntry,
    AttributeName,
    AttributeValueRange,
    AttributeValueInode,
    AttributeValueHash,
    AttributeInInode,
    AccessControlList,
    InlineData,

    // Encryption.
    EncryptionContext,
    EncryptedSymlink,
}
