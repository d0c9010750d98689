namespace MountHelper;

/// <summary>
/// The options that are the kernel's, not the filesystem's. The first group belongs to the mount (mount_setattr can change it),
/// the second to the superblock. ReadOnly is both: a mount that starts read-only has a read-only superblock.
/// </summary>
[Flags]
public enum VfsFlags
{
    None = 0,
    ReadOnly = 1 << 0,
    NoSuid = 1 << 1,
    NoDev = 1 << 2,
    NoExec = 1 << 3,
    NoSymfollow = 1 << 4,
    NoAtime = 1 << 5,
    StrictAtime = 1 << 6,
    NoDirAtime = 1 << 7,

    Synchronous = 1 << 16,
    DirSync = 1 << 17,
    LazyTime = 1 << 18,

    AccessTimes = NoAtime | StrictAtime | NoDirAtime,
    PerMount = ReadOnly | NoSuid | NoDev | NoExec | NoSymfollow | AccessTimes,
    Superblock = ReadOnly | Synchronous | DirSync | LazyTime,
}
