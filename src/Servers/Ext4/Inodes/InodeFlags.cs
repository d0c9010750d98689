namespace Servers.Ext4;

/// <summary>i_flags: what lsattr shows, and how the inode's data is to be found.</summary>
[Flags]
public enum InodeFlags : uint
{
    SecureDelete = 0x0000_0001,
    Undelete = 0x0000_0002,
    Compress = 0x0000_0004,
    Sync = 0x0000_0008,
    Immutable = 0x0000_0010,
    Append = 0x0000_0020,
    NoDump = 0x0000_0040,
    NoAtime = 0x0000_0080,
    Dirty = 0x0000_0100,
    CompressedBlock = 0x0000_0200,
    NoCompress = 0x0000_0400,
    Encrypt = 0x0000_0800,

    /// <summary>EXT4_INDEX_FL: the directory is a hash tree.</summary>
    Index = 0x0000_1000,
    Imagic = 0x0000_2000,
    JournalData = 0x0000_4000,
    NoTail = 0x0000_8000,
    DirSync = 0x0001_0000,
    TopDir = 0x0002_0000,

    /// <summary>EXT4_HUGE_FILE_FL: i_blocks counts filesystem blocks instead of sectors.</summary>
    HugeFile = 0x0004_0000,
    Extents = 0x0008_0000,
    Verity = 0x0010_0000,

    /// <summary>EXT4_EA_INODE_FL: the inode is the value of an extended attribute.</summary>
    EaInode = 0x0020_0000,
    EofBlocks = 0x0040_0000,
    Dax = 0x0200_0000,
    InlineData = 0x1000_0000,
    ProjectInherit = 0x2000_0000,
    CaseFold = 0x4000_0000,
    Reserved = 0x8000_0000,

    /// <summary>EXT4_FL_USER_VISIBLE: what FS_IOC_GETFLAGS gives away.</summary>
    UserVisible = 0x725B_DFFF,
}
