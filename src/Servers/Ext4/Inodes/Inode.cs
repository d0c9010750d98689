namespace Servers.Ext4;

/// <summary>
/// An inode as it was checked and decoded. It holds on to the cache block that it came from: keep inodes for the length of a request or
/// an open file, and numbers for longer.
/// </summary>
public sealed class Inode
{
    private const uint DefaultProject = 0;

    public required InodeNumber Number { get; init; }

    /// <summary>Type and permission bits, as in st_mode.</summary>
    public required ushort Mode { get; init; }

    public FileType Type => (FileType)(Mode >> 12);

    public required uint Uid { get; init; }

    public required uint Gid { get; init; }

    public uint ProjectId { get; init; } = DefaultProject;

    public required long Size { get; init; }

    public required ushort LinkCount { get; init; }

    /// <summary>st_blocks, in units of 512 bytes. A file whose contents are inline counts them, lest tools take it for a hole.</summary>
    public ulong Sectors => IsRegular && Inline != null ? StoredSectors + (((ulong)Size + 511) / 512) : StoredSectors;

    public required InodeFlags Flags { get; init; }

    public required uint Generation { get; init; }

    public required Timestamp AccessTime { get; init; }

    public required Timestamp ModificationTime { get; init; }

    public required Timestamp ChangeTime { get; init; }

    /// <summary>Null where the inode has no room for it.</summary>
    public Timestamp? CreationTime { get; init; }

    /// <summary>The device a node stands for, split as in new_decode_dev.</summary>
    public uint DeviceMajor { get; init; }

    public uint DeviceMinor { get; init; }

    public bool IsDirectory => Type == FileType.Directory;

    public bool IsRegular => Type == FileType.Regular;

    public bool IsSymlink => Type == FileType.Symlink;

    public bool IsEncrypted => Has(InodeFlags.Encrypt);

    /// <summary>i_blocks in sectors: data, map and attributes.</summary>
    internal ulong StoredSectors { get; init; }

    /// <summary>i_file_acl: the block with further extended attributes, or 0.</summary>
    internal FsBlock AttributeBlock { get; init; }

    /// <summary>Where every checksum of blocks that belong to this inode starts.</summary>
    internal uint ChecksumSeed { get; init; }

    /// <summary>i_extra_isize: how many bytes behind the first 128 are fields.</summary>
    internal int ExtraSize { get; init; }

    /// <summary>The inode as it stands on the disk.</summary>
    internal ReadOnlyMemory<byte> Raw { get; init; }

    /// <summary>The inode has a header of in-inode attributes behind its fields.</summary>
    internal bool HasInlineAttributes { get; init; }

    /// <summary>Contents that live in the inode itself, or null.</summary>
    internal InlineContent? Inline { get; init; }

    /// <summary>The kernel shows the length of what readlink gives, not of the ciphertext.</summary>
    internal bool IsHiddenLink => IsSymlink && IsEncrypted;

    /// <summary>i_block: a block map, an extent tree's root, a short symlink, a device number or the start of inline data.</summary>
    internal ReadOnlySpan<byte> BlockField => Raw.Span.Slice(InodeFields.BlockOffset, InodeFields.BlockSize);

    public bool Has(InodeFlags flag) => (Flags & flag) != 0;
}
