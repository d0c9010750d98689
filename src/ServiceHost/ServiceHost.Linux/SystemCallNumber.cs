namespace ServiceHost.Linux;

/// <summary>
/// System call numbers of x86-64. Those from 424 on are the same on every architecture; like <see cref="OpenFlags"/>, a port to
/// another one has to give the older ones.
/// </summary>
internal static class SystemCallNumber
{
    internal const int Write = 1;
    internal const int Mmap = 9;
    internal const int Mprotect = 10;
    internal const int Munmap = 11;
    internal const int RtSigaction = 13;
    internal const int RtSigprocmask = 14;
    internal const int Socket = 41;
    internal const int Clone = 56;
    internal const int Fcntl = 72;
    internal const int Getcwd = 79;
    internal const int Chdir = 80;
    internal const int Fchdir = 81;
    internal const int Fchmod = 91;
    internal const int Getppid = 110;
    internal const int Setsid = 112;
    internal const int Setgroups = 116;
    internal const int Setresuid = 117;
    internal const int Getresuid = 118;
    internal const int Setresgid = 119;
    internal const int Getresgid = 120;
    internal const int Getsid = 124;
    internal const int Capset = 126;
    internal const int Prctl = 157;
    internal const int Mount = 165;
    internal const int Umount2 = 166;
    internal const int Gettid = 186;
    internal const int SchedSetaffinity = 203;
    internal const int ExitGroup = 231;
    internal const int Tgkill = 234;
    internal const int Waitid = 247;
    internal const int Openat = 257;
    internal const int Ppoll = 271;
    internal const int Unshare = 272;
    internal const int Dup3 = 292;
    internal const int Pipe2 = 293;
    internal const int Prlimit64 = 302;
    internal const int NameToHandleAt = 303;
    internal const int Setns = 308;
    internal const int Renameat2 = 316;
    internal const int Seccomp = 317;
    internal const int Execveat = 322;
    internal const int Statx = 332;
    internal const int PidfdSendSignal = 424;
    internal const int IoUringSetup = 425;
    internal const int IoUringEnter = 426;
    internal const int IoUringRegister = 427;
    internal const int OpenTree = 428;
    internal const int MoveMount = 429;
    internal const int Fsopen = 430;
    internal const int Fsconfig = 431;
    internal const int Fsmount = 432;
    internal const int PidfdOpen = 434;
    internal const int CloseRange = 436;
    internal const int Openat2 = 437;
    internal const int Faccessat2 = 439;
    internal const int MountSetattr = 442;
    internal const int LandlockCreateRuleset = 444;
    internal const int LandlockAddRule = 445;
    internal const int LandlockRestrictSelf = 446;
    internal const int Statmount = 457;
    internal const int Listmount = 458;
}
