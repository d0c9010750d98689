namespace ServiceHost.Fuse;

/// <summary>The flags of INIT: bits 0-31 are the flags word, 32-63 the flags2 word. In the request they say what the kernel can do, in the
/// reply what the server wants.</summary>
[Flags]
public enum FuseInitFlags : ulong
{
    /// <summary>FUSE_ASYNC_READ: readahead requests are sent in parallel.</summary>
    AsyncRead = 1UL << 0,

    /// <summary>FUSE_POSIX_LOCKS: fcntl locks are sent to the server; without it they are local to this kernel.</summary>
    PosixLocks = 1UL << 1,

    /// <summary>FUSE_FILE_OPS: unused by every kernel.</summary>
    FileOps = 1UL << 2,

    /// <summary>FUSE_ATOMIC_O_TRUNC: O_TRUNC arrives in OPEN and no SETATTR follows.</summary>
    AtomicOTrunc = 1UL << 3,

    /// <summary>FUSE_EXPORT_SUPPORT: the server can look up "." and ".." (NFS export).</summary>
    ExportSupport = 1UL << 4,

    /// <summary>FUSE_BIG_WRITES: write-through writes may be larger than a page.</summary>
    BigWrites = 1UL << 5,

    /// <summary>FUSE_DONT_MASK: the umask is not applied by the kernel but told to the server.</summary>
    DontMask = 1UL << 6,

    /// <summary>FUSE_SPLICE_WRITE: the device supports splice(2) into it. Information only.</summary>
    SpliceWrite = 1UL << 7,

    /// <summary>FUSE_SPLICE_MOVE: the device can move pages. Information only.</summary>
    SpliceMove = 1UL << 8,

    /// <summary>FUSE_SPLICE_READ: the device supports splice(2) from it. Information only.</summary>
    SpliceRead = 1UL << 9,

    /// <summary>FUSE_FLOCK_LOCKS: flock(2) is sent to the server.</summary>
    FlockLocks = 1UL << 10,

    /// <summary>FUSE_HAS_IOCTL_DIR: ioctls on directories are sent. Information only.</summary>
    HasIoctlDir = 1UL << 11,

    /// <summary>FUSE_AUTO_INVAL_DATA: cached pages are dropped when mtime or size changed at the server.</summary>
    AutoInvalData = 1UL << 12,

    /// <summary>FUSE_DO_READDIRPLUS: READDIRPLUS is used.</summary>
    DoReaddirplus = 1UL << 13,

    /// <summary>FUSE_READDIRPLUS_AUTO: the kernel chooses between READDIR and READDIRPLUS.</summary>
    ReaddirplusAuto = 1UL << 14,

    /// <summary>FUSE_ASYNC_DIO: the parts of a direct transfer are sent in parallel.</summary>
    AsyncDio = 1UL << 15,

    /// <summary>FUSE_WRITEBACK_CACHE: written data stays in the page cache; the kernel owns size and times of regular files.</summary>
    WritebackCache = 1UL << 16,

    /// <summary>FUSE_NO_OPEN_SUPPORT: OPEN may be answered with ENOSYS. Information only.</summary>
    NoOpenSupport = 1UL << 17,

    /// <summary>FUSE_PARALLEL_DIROPS: LOOKUP and READDIR of one directory run in parallel.</summary>
    ParallelDirops = 1UL << 18,

    /// <summary>FUSE_HANDLE_KILLPRIV: the server clears suid, sgid and capabilities on write, chown and truncate.</summary>
    HandleKillpriv = 1UL << 19,

    /// <summary>FUSE_POSIX_ACL: the kernel checks ACLs (and permissions); the ACL xattrs pass through.</summary>
    PosixAcl = 1UL << 20,

    /// <summary>FUSE_ABORT_ERROR: a device read after an abort fails with ECONNABORTED instead of ENODEV.</summary>
    AbortError = 1UL << 21,

    /// <summary>FUSE_MAX_PAGES: the max_pages word of the reply counts.</summary>
    MaxPages = 1UL << 22,

    /// <summary>FUSE_CACHE_SYMLINKS: symlink targets stay in the page cache.</summary>
    CacheSymlinks = 1UL << 23,

    /// <summary>FUSE_NO_OPENDIR_SUPPORT: OPENDIR may be answered with ENOSYS. Information only.</summary>
    NoOpendirSupport = 1UL << 24,

    /// <summary>FUSE_EXPLICIT_INVAL_DATA: pages are dropped only when a notification says so.</summary>
    ExplicitInvalData = 1UL << 25,

    /// <summary>FUSE_MAP_ALIGNMENT: DAX of virtiofs.</summary>
    MapAlignment = 1UL << 26,

    /// <summary>FUSE_SUBMOUNTS: automatic submounts of virtiofs.</summary>
    Submounts = 1UL << 27,

    /// <summary>FUSE_HANDLE_KILLPRIV_V2: the server clears suid and sgid only where a KILL_SUIDGID flag says so.</summary>
    HandleKillprivV2 = 1UL << 28,

    /// <summary>FUSE_SETXATTR_EXT: the SETXATTR head has 16 bytes instead of 8.</summary>
    SetxattrExt = 1UL << 29,

    /// <summary>FUSE_INIT_EXT: the second flags word counts. Set by the engine.</summary>
    InitExt = 1UL << 30,

    /// <summary>FUSE_INIT_RESERVED: never set.</summary>
    InitReserved = 1UL << 31,

    /// <summary>FUSE_SECURITY_CTX: creating requests carry the security label.</summary>
    SecurityCtx = 1UL << 32,

    /// <summary>FUSE_HAS_INODE_DAX: per-inode DAX of virtiofs.</summary>
    HasInodeDax = 1UL << 33,

    /// <summary>FUSE_CREATE_SUPP_GROUP: creating requests carry the parent's group if the caller has it as a supplementary one.</summary>
    CreateSuppGroup = 1UL << 34,

    /// <summary>FUSE_HAS_EXPIRE_ONLY: NOTIFY_INVAL_ENTRY knows EXPIRE_ONLY. Information only.</summary>
    HasExpireOnly = 1UL << 35,

    /// <summary>FUSE_DIRECT_IO_ALLOW_MMAP: shared mappings of direct I/O files are allowed.</summary>
    DirectIoAllowMmap = 1UL << 36,

    /// <summary>FUSE_PASSTHROUGH: backing files may be registered; needs max_stack_depth and excludes WRITEBACK_CACHE.</summary>
    Passthrough = 1UL << 37,

    /// <summary>FUSE_NO_EXPORT_SUPPORT: no NFS file handles.</summary>
    NoExportSupport = 1UL << 38,

    /// <summary>FUSE_HAS_RESEND: NOTIFY_RESEND works. Information only.</summary>
    HasResend = 1UL << 39,

    /// <summary>FUSE_ALLOW_IDMAP: the mount may be id-mapped; the kernel refuses it without default_permissions or POSIX_ACL.</summary>
    AllowIdmap = 1UL << 40,

    /// <summary>FUSE_OVER_IO_URING: requests go over io_uring; needs a transport that registers the rings.</summary>
    OverIoUring = 1UL << 41,

    /// <summary>FUSE_REQUEST_TIMEOUT: the request_timeout word of the reply counts.</summary>
    RequestTimeout = 1UL << 42,
}
