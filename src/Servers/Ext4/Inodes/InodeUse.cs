namespace Servers.Ext4;

/// <summary>What an inode is read for; it decides which inodes are allowed (EXT4_IGET_*).</summary>
internal enum InodeUse
{
    /// <summary>Found through a directory: neither a reserved inode nor the value of an attribute.</summary>
    Normal,

    /// <summary>Named by the superblock: root, journal, quota and orphan files.</summary>
    Special,

    /// <summary>Holds the value of an extended attribute.</summary>
    AttributeValue,
}
