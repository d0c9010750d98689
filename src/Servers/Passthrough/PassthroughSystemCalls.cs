using ServiceHost.Linux;
using static ServiceHost.Linux.X64Call;

namespace Servers.Passthrough;

/// <summary>
/// What serving a directory needs on top of what every server needs: names are opened, made and removed, below what Landlock allows.
/// Recorded with eng/record-syscalls.sh under the POSIX cases and the stress tests, and reviewed.
/// </summary>
internal static class PassthroughSystemCalls
{
    private const uint S_ISUID = 0x800;
    private const uint S_ISGID = 0x400;
    private const ulong CLONE_FS = 0x200;
    private const uint W_OK = 2;
    private const uint F_OFD_GETLK = 36;
    private const uint F_OFD_SETLK = 37;

    /// <summary>The filter believes <see cref="FixedDot"/>, which therefore has to be mapped before it is loaded.</summary>
    public static IEnumerable<SystemCallRule> For(bool allowSuid) =>
        [.. Reading, .. Changing, .. Modes(allowSuid ? 0 : S_ISUID | S_ISGID), .. Identity];

    private static SystemCallRule[] Reading =>
    [
        // O_PATH descriptors are reopened by their names in /proc/self/fd, as the current directory where a call takes only a path.
        SystemCallRule.AllowWhen(Faccessat, ArgumentCheck.Int(2, W_OK)),
        SystemCallRule.Allow(Fchdir),
        SystemCallRule.Allow(Fstatfs),
        SystemCallRule.Allow(Getxattr),
        SystemCallRule.AllowOneOf(
            Ioctl, 1, PassthroughFileSystem.FS_IOC_GETFLAGS, PassthroughFileSystem.FS_IOC_SETFLAGS,
            PassthroughFileSystem.FS_IOC_GETVERSION, PassthroughFileSystem.FS_IOC_FSGETXATTR, PassthroughFileSystem.FS_IOC_FSSETXATTR),
        SystemCallRule.Allow(Listxattr),
        SystemCallRule.Allow(Statfs),
    ];

    private static SystemCallRule[] Changing =>
    [
        SystemCallRule.Allow(CopyFileRange),
        SystemCallRule.Allow(Fallocate),
        SystemCallRule.Allow(Fchownat),
        SystemCallRule.AllowOneOf(Fcntl, 1, F_OFD_GETLK, F_OFD_SETLK),
        SystemCallRule.Allow(Fdatasync),
        SystemCallRule.Allow(Flock),
        SystemCallRule.Allow(Fsync),
        SystemCallRule.Allow(Ftruncate),
        SystemCallRule.Allow(Linkat),

        // The kernel takes no set-ID bit from mkdir(2).
        SystemCallRule.Allow(Mkdirat),
        SystemCallRule.Allow(Pwrite64),
        SystemCallRule.Allow(Pwritev2),
        SystemCallRule.Allow(Removexattr),
        SystemCallRule.Allow(Renameat),
        SystemCallRule.Allow(Renameat2),

        // Which attribute is set lies behind a pointer: what keeps security.capability out is that CAP_SETFCAP is missing.
        SystemCallRule.Allow(Setxattr),
        SystemCallRule.Allow(Symlinkat),
        SystemCallRule.Allow(Syncfs),
        SystemCallRule.Allow(Truncate),
        SystemCallRule.Allow(Unlinkat),
        SystemCallRule.Allow(Utimensat),
    ];

    /// <summary>
    /// A taken-over server must not leave a setuid program where others execute it, on the native path to its tree. A filter cannot tell a
    /// directory from a file, but it can tell a call that only a directory answers: the one that names <see cref="FixedDot"/>.
    /// </summary>
    private static SystemCallRule[] Modes(uint forbidden) =>
    [
        SystemCallRule.AllowWhen(Fchmod, ArgumentCheck.Without(1, forbidden)),
        SystemCallRule.AllowWhen(Fchmodat, ArgumentCheck.Without(2, forbidden)),
        SystemCallRule.AllowWhen(Fchmodat, ArgumentCheck.Long(1, FixedDot.Address), ArgumentCheck.Without(2, forbidden & S_ISUID)),
        SystemCallRule.AllowWhen(Mknodat, ArgumentCheck.Without(2, forbidden)),
        SystemCallRule.AllowWhen(Openat, ArgumentCheck.Without(3, forbidden)),

        // The mode would lie behind a pointer.
        SystemCallRule.Refuse(Openat2, Errno.ENOSYS),
    ];

    /// <summary>What is created belongs to the caller: workers take the ids of a request, inside their user namespace.</summary>
    private static SystemCallRule[] Identity =>
    [
        SystemCallRule.Allow(Capset),
        SystemCallRule.Allow(Setfsgid),
        SystemCallRule.Allow(Setfsuid),
        SystemCallRule.Allow(Setgroups),
        SystemCallRule.Allow(Umask),

        // Each worker has an umask and a current directory of its own. No other flag is a thread's business.
        SystemCallRule.AllowWhen(Unshare, ArgumentCheck.Long(0, CLONE_FS)),
    ];
}
