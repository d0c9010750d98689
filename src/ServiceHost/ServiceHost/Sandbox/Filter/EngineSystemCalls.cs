using ServiceHost.Linux;
using static ServiceHost.Linux.X64Call;

namespace ServiceHost.Sandbox;

/// <summary>
/// What the engine needs in every server: the last words with the Mounter, /dev/fuse, the log. All on descriptors that are open when
/// the filter comes: nothing here opens, connects or names anything.
/// </summary>
internal static class EngineSystemCalls
{
    private const uint SOL_SOCKET = 1;
    private const uint SO_PASSCRED = 16;
    private const uint SO_PASSRIGHTS = 83;
    private const uint F_GETFD = 1;
    private const uint F_GETFL = 3;
    private const uint F_SETFL = 4;
    private const uint F_DUPFD_CLOEXEC = 1030;
    private const uint F_GET_SEALS = 1034;
    private const uint FirstDuplicate = 3;

    public static IReadOnlyList<SystemCallRule> Rules { get; } =
    [
        SystemCallRule.Allow(Close),
        SystemCallRule.Allow(EpollCreate1),
        SystemCallRule.Allow(EpollCtl),
        SystemCallRule.Allow(EpollPwait),
        SystemCallRule.Allow(EpollWait),
        SystemCallRule.Allow(Eventfd2),
        SystemCallRule.AllowOneOf(Fcntl, 1, F_GETFD, F_GETFL, F_SETFL, F_GET_SEALS),

        // Never a standard stream: KeeperChannel says why.
        SystemCallRule.AllowWhen(Fcntl, ArgumentCheck.Int(1, F_DUPFD_CLOEXEC), ArgumentCheck.Int(2, FirstDuplicate)),
        SystemCallRule.Allow(Fstat),
        SystemCallRule.Allow(Getdents64),
        SystemCallRule.Allow(Getsockname),
        SystemCallRule.Allow(Getsockopt),
        SystemCallRule.Allow(Lseek),
        SystemCallRule.Allow(Newfstatat),
        SystemCallRule.Allow(Poll),
        SystemCallRule.Allow(Ppoll),
        SystemCallRule.Allow(Pread64),
        SystemCallRule.Allow(Read),
        SystemCallRule.Allow(Readlinkat),
        SystemCallRule.Allow(Readv),
        SystemCallRule.Allow(Recvmsg),

        // The attestation asks who the leader of its session is, and its directory.
        SystemCallRule.Allow(Getcwd),
        SystemCallRule.Allow(Getsid),

        // Only to the peer: a datagram socket could otherwise reach any other. sendmsg(2) hides its address behind a pointer.
        SystemCallRule.AllowWhen(Sendto, ArgumentCheck.Long(4, 0)),
        SystemCallRule.AllowWhen(Setsockopt, ArgumentCheck.Int(1, SOL_SOCKET), ArgumentCheck.Int(2, SO_PASSCRED)),
        SystemCallRule.AllowWhen(Setsockopt, ArgumentCheck.Int(1, SOL_SOCKET), ArgumentCheck.Int(2, SO_PASSRIGHTS)),
        SystemCallRule.Allow(X64Call.Statx),
        SystemCallRule.Allow(Write),
        SystemCallRule.Allow(Writev),
    ];
}
