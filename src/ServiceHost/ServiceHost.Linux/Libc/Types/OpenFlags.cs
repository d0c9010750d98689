namespace ServiceHost.Linux;

/// <summary>
/// Flags of openat(2), with the numbers of x86-64. They are also what FUSE puts into OPEN, CREATE and WRITE. O_CLOEXEC is not
/// here: every wrapper adds it.
/// </summary>
[Flags]
public enum OpenFlags : uint
{
    /// <summary>O_RDONLY.</summary>
    ReadOnly = 0,

    /// <summary>O_WRONLY.</summary>
    WriteOnly = 1,

    /// <summary>O_RDWR.</summary>
    ReadWrite = 2,

    /// <summary>O_ACCMODE.</summary>
    AccessModeMask = 3,

    /// <summary>O_CREAT.</summary>
    Create = 0x40,

    /// <summary>O_EXCL.</summary>
    Exclusive = 0x80,

    /// <summary>O_NOCTTY.</summary>
    NoControllingTerminal = 0x100,

    /// <summary>O_TRUNC.</summary>
    Truncate = 0x200,

    /// <summary>O_APPEND.</summary>
    Append = 0x400,

    /// <summary>O_NONBLOCK.</summary>
    NonBlocking = 0x800,

    /// <summary>O_DSYNC.</summary>
    DataSync = 0x1000,

    /// <summary>O_DIRECT.</summary>
    Direct = 0x4000,

    /// <summary>O_LARGEFILE.</summary>
    LargeFile = 0x8000,

    /// <summary>O_DIRECTORY.</summary>
    Directory = 0x1_0000,

    /// <summary>O_NOFOLLOW.</summary>
    NoFollow = 0x2_0000,

    /// <summary>O_NOATIME.</summary>
    NoAccessTime = 0x4_0000,

    /// <summary>O_SYNC, which contains O_DSYNC.</summary>
    Sync = 0x10_1000,

    /// <summary>O_PATH.</summary>
    Path = 0x20_0000,

    /// <summary>O_TMPFILE, which contains O_DIRECTORY.</summary>
    TemporaryFile = 0x41_0000,
}
