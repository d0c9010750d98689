namespace ServiceHost.Fuse;

/// <summary>FUSE_WRITE_*: flags of WRITE.</summary>
[Flags]
public enum FuseWriteFlags : uint
{
    /// <summary>FUSE_WRITE_CACHE: from the page cache; the file handle may be another opener's and uid, gid and pid mean nothing.</summary>
    Cache = 1 << 0,

    /// <summary>FUSE_WRITE_LOCKOWNER: the lock_owner word counts.</summary>
    LockOwner = 1 << 1,

    /// <summary>FUSE_WRITE_KILL_SUIDGID: clear suid and sgid.</summary>
    KillSuidgid = 1 << 2,
}
