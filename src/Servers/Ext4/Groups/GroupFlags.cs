namespace Servers.Ext4;

/// <summary>bg_flags; they count only where group descriptors carry checksums.</summary>
[Flags]
public enum GroupFlags : ushort
{
    /// <summary>EXT4_BG_INODE_UNINIT: the inode bitmap and table were never written.</summary>
    InodeUninit = 1,

    /// <summary>EXT4_BG_BLOCK_UNINIT.</summary>
    BlockUninit = 2,

    /// <summary>EXT4_BG_INODE_ZEROED.</summary>
    InodeZeroed = 4,
}
