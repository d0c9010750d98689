using System.Runtime.InteropServices;

namespace ServiceHost.Linux;

/// <summary>System call numbers. Calls added since Linux 5.1 have one number everywhere; the older ones differ by architecture.</summary>
internal static class SystemCallNumber
{
    private static readonly bool s_arm64 = RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => false,
        Architecture.Arm64 => true,
        var other => throw new PlatformNotSupportedException($"No system call table for {other}."),
    };

    internal const int OpenTree = 428;
    internal const int MoveMount = 429;
    internal const int Fsopen = 430;
    internal const int Fsconfig = 431;
    internal const int Fsmount = 432;
    internal const int PidfdSendSignal = 424;
    internal const int PidfdOpen = 434;
    internal const int CloseRange = 436;
    internal const int Openat2 = 437;
    internal const int MountSetattr = 442;
    internal const int Statmount = 457;
    internal const int Listmount = 458;

    internal static int Write => s_arm64 ? 64 : 1;
    internal static int RtSigaction => s_arm64 ? 134 : 13;
    internal static int RtSigprocmask => s_arm64 ? 135 : 14;
    internal static int Fcntl => s_arm64 ? 25 : 72;
    internal static int Clone => s_arm64 ? 220 : 56;
    internal static int Lseek => s_arm64 ? 62 : 8;
    internal static int Flock => s_arm64 ? 32 : 73;
    internal static int Umask => s_arm64 ? 166 : 95;
    internal static int Getppid => s_arm64 ? 173 : 110;
    internal static int Setsid => s_arm64 ? 157 : 112;
    internal static int Setgroups => s_arm64 ? 159 : 116;
    internal static int Setresuid => s_arm64 ? 147 : 117;
    internal static int Setresgid => s_arm64 ? 149 : 119;
    internal static int Capget => s_arm64 ? 90 : 125;
    internal static int Capset => s_arm64 ? 91 : 126;
    internal static int Prctl => s_arm64 ? 167 : 157;
    internal static int Mount => s_arm64 ? 40 : 165;
    internal static int Umount2 => s_arm64 ? 39 : 166;
    internal static int ExitGroup => s_arm64 ? 94 : 231;
    internal static int Waitid => s_arm64 ? 95 : 247;
    internal static int Getdents64 => s_arm64 ? 61 : 217;
    internal static int Openat => s_arm64 ? 56 : 257;
    internal static int Mkdirat => s_arm64 ? 34 : 258;
    internal static int Unlinkat => s_arm64 ? 35 : 263;
    internal static int Ppoll => s_arm64 ? 73 : 271;
    internal static int Unshare => s_arm64 ? 97 : 272;
    internal static int Renameat2 => s_arm64 ? 276 : 316;
    internal static int Readlinkat => s_arm64 ? 78 : 267;
    internal static int Dup3 => s_arm64 ? 24 : 292;
    internal static int Pipe2 => s_arm64 ? 59 : 293;
    internal static int Prlimit64 => s_arm64 ? 261 : 302;
    internal static int NameToHandleAt => s_arm64 ? 264 : 303;
    internal static int Setns => s_arm64 ? 268 : 308;
    internal static int Execveat => s_arm64 ? 281 : 322;
    internal static int Statx => s_arm64 ? 291 : 332;
}
