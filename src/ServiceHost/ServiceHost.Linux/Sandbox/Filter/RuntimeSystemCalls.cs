using static ServiceHost.Linux.X64Call;

namespace ServiceHost.Linux;

/// <summary>
/// What the runtime and the C library need in every server, whatever it serves. Recorded with eng/record-syscalls.sh and completed
/// by hand with what no suite provokes: memory pressure, threads that fail to start, the way out.
/// </summary>
public static class RuntimeSystemCalls
{
    private const uint PROT_EXEC = 4;
    private const uint MAP_FIXED = 0x10;
    private const uint MREMAP_FIXED = 2;

    // What pthread_create passes: a thread of this process, never a process and never a namespace.
    private const uint ThreadFlags = 0x003D_0F00;
    private const uint PR_SET_NAME = 15;
    private const uint PR_GET_NAME = 16;
    private const uint PR_GET_DUMPABLE = 3;
    private const uint PR_GET_SECCOMP = 21;
    private const uint PR_CAPBSET_READ = 23;
    private const uint PR_GET_SECUREBITS = 27;
    private const uint PR_GET_NO_NEW_PRIVS = 39;
    private const uint PR_CAP_AMBIENT = 47;
    private const uint PR_CAP_AMBIENT_IS_SET = 1;
    private const uint PR_GET_MDWE = 66;

    /// <summary>For a process with this pid: it can signal its own threads and nobody else.</summary>
    public static IReadOnlyList<SystemCallRule> For(int pid) =>
    [
        .. Memory,
        .. Threads,
        .. Signals(pid),
        .. Questions,

        // Leaving.
        SystemCallRule.Allow(Exit),
        SystemCallRule.Allow(ExitGroup),
    ];

    // The collector commits, returns and remaps memory. Nothing becomes executable: there is no compiler in the process. And nothing changes in
    // the low part of the address space, where this process has put what a filter knows by its address (FixedDot).
    private static SystemCallRule[] Memory =>
    [
        SystemCallRule.Allow(Brk),
        .. High(Madvise, 0),
        SystemCallRule.AllowWhen(Mmap, ArgumentCheck.Without(2, PROT_EXEC), ArgumentCheck.Without(3, MAP_FIXED)),
        .. High(Mmap, 0, ArgumentCheck.Without(2, PROT_EXEC)),
        .. High(Mprotect, 0, ArgumentCheck.Without(2, PROT_EXEC)),
        .. High(Mremap, 0, ArgumentCheck.Without(3, MREMAP_FIXED)),
        .. s_high.SelectMany(static high => High(Mremap, 0, high(4))),
        .. High(Munmap, 0),
    ];

    // The kernel puts everything that it chooses a place for at a third of the address space or above, which has one of these bits set. A range
    // that begins there cannot reach what lies below: the kernel takes none that wraps around.
    private static readonly Func<int, ArgumentCheck>[] s_high =
    [
        static index => new ArgumentCheck(index, 1UL << 46, 1UL << 46),
        static index => new ArgumentCheck(index, 1UL << 45, 1UL << 45),
    ];

    /// <summary>Allowed when the address in argument <paramref name="index"/> is high and the other checks hold.</summary>
    private static IEnumerable<SystemCallRule> High(X64Call call, int index, params ArgumentCheck[] others) =>
        s_high.Select(high => SystemCallRule.AllowWhen(call, [high(index), .. others]));

    private static SystemCallRule[] Threads =>
    [
        SystemCallRule.AllowWhen(Clone, ArgumentCheck.Long(0, ThreadFlags)),

        // Its flags lie behind a pointer. The C library falls back to clone on exactly this answer.
        SystemCallRule.Refuse(Clone3, Errno.ENOSYS),
        SystemCallRule.Allow(ClockNanosleep),
        SystemCallRule.Allow(Futex),
        SystemCallRule.Allow(Membarrier),
        SystemCallRule.Allow(Nanosleep),
        SystemCallRule.Allow(RestartSyscall),
        SystemCallRule.Allow(Rseq),
        SystemCallRule.Allow(SchedYield),
        SystemCallRule.Allow(SetRobustList),
        SystemCallRule.AllowOneOf(Prctl, 0, PR_SET_NAME, PR_GET_NAME),
    ];

    // Stopping threads for a collection, and abort(3).
    private static SystemCallRule[] Signals(int pid) =>
    [
        SystemCallRule.Allow(RtSigaction),
        SystemCallRule.Allow(RtSigprocmask),
        SystemCallRule.Allow(RtSigreturn),
        SystemCallRule.Allow(Sigaltstack),
        SystemCallRule.AllowWhen(Tgkill, ArgumentCheck.Int(0, (uint)pid)),
    ];

    // Clocks mostly come from the vDSO; these are for the machines where they do not. The rest is what the process may know of itself.
    private static SystemCallRule[] Questions =>
    [
        SystemCallRule.Allow(Capget),
        SystemCallRule.Allow(ClockGetres),
        SystemCallRule.Allow(ClockGettime),
        SystemCallRule.Allow(Getcpu),
        SystemCallRule.Allow(Getegid),
        SystemCallRule.Allow(Geteuid),
        SystemCallRule.Allow(Getgid),
        SystemCallRule.Allow(Getgroups),
        SystemCallRule.Allow(Getpid),
        SystemCallRule.Allow(Getrandom),
        SystemCallRule.Allow(Getresgid),
        SystemCallRule.Allow(Getresuid),
        SystemCallRule.Allow(Getrusage),
        SystemCallRule.Allow(Gettid),
        SystemCallRule.Allow(Gettimeofday),
        SystemCallRule.Allow(Getuid),

        // Reading limits; a new one behind the third argument would be a change.
        SystemCallRule.AllowWhen(Prlimit64, ArgumentCheck.Int(0, 0), ArgumentCheck.Long(2, 0)),
        SystemCallRule.Allow(SchedGetaffinity),
        SystemCallRule.Allow(Sysinfo),
        SystemCallRule.Allow(X64Call.Time),
        SystemCallRule.Allow(Uname),
        SystemCallRule.AllowOneOf(
            Prctl, 0, PR_GET_DUMPABLE, PR_GET_SECCOMP, PR_CAPBSET_READ, PR_GET_SECUREBITS, PR_GET_NO_NEW_PRIVS, PR_GET_MDWE),
        SystemCallRule.AllowWhen(Prctl, ArgumentCheck.Int(0, PR_CAP_AMBIENT), ArgumentCheck.Int(1, PR_CAP_AMBIENT_IS_SET)),
    ];
}
