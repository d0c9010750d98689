namespace ServiceHost.Linux;

/// <summary>AT_* flags of the *at(2) family.</summary>
[Flags]
public enum AtFlags
{
    None = 0,

    /// <summary>AT_SYMLINK_NOFOLLOW.</summary>
    SymlinkNoFollow = 0x100,

    /// <summary>AT_REMOVEDIR.</summary>
    RemoveDirectory = 0x200,

    /// <summary>AT_SYMLINK_FOLLOW (linkat only).</summary>
    SymlinkFollow = 0x400,

    /// <summary>AT_NO_AUTOMOUNT.</summary>
    NoAutomount = 0x800,

    /// <summary>AT_EMPTY_PATH: the descriptor itself is the object.</summary>
    EmptyPath = 0x1000,

    /// <summary>AT_STATX_FORCE_SYNC.</summary>
    StatxForceSync = 0x2000,

    /// <summary>AT_STATX_DONT_SYNC: whatever is cached; a foreign network or FUSE server cannot stall the call.</summary>
    StatxDontSync = 0x4000,
}
