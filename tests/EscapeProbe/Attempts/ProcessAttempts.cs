namespace EscapeProbe;

/// <summary>Other processes: to make them, to execute them, to see them, to reach into them.</summary>
internal static class ProcessAttempts
{
    private const int Init = 1;
    private const nint ChildSignal = 17;
    private const int PtraceSeize = 0x4206;
    private const int PtraceDetach = 17;
    private const int OpenFilesLimit = 7;

    // An address that the kernel cannot read: a program that could be executed is not, and the error says that it came this far.
    private const int BadVector = 1;

    public static IEnumerable<Attempt> All(Targets targets) =>
        [.. Making(), .. Executing(), .. Signalling(targets), .. Reaching(targets), .. Scheduling(targets)];

    private static IEnumerable<Attempt> Making() =>
    [
        new("fork", static () => RawCall.Fork((int)X64Call.Fork)),
        new("clone a process", static () => RawCall.Fork((int)X64Call.Clone, ChildSignal)),

        // With a size that there is not: the child would be one in which nobody knows that it is one.
        new("clone with clone3", X64Call.Clone3, new byte[88], 0),
    ];

    private static IEnumerable<Attempt> Executing() =>
    [
        new("execute /bin/true", X64Call.Execve, "/bin/true", BadVector, 0),
        new("execute /bin/sh", X64Call.Execve, "/bin/sh", BadVector, 0),
        new("execute itself", X64Call.Execve, "/proc/self/exe", BadVector, 0),
        new("execute through a descriptor", X64Call.Execveat, 0, "", BadVector, 0, 0x1000),
        new("execute the loader", X64Call.Execve, "/lib64/ld-linux-x86-64.so.2", BadVector, 0),
    ];

    private static IEnumerable<Attempt> Signalling(Targets targets) =>
    [
        new("signal init", X64Call.Kill, Init, 0),
        new("signal everybody", X64Call.Kill, -1, 0),
        new("signal a process", X64Call.Kill, targets.Victim, 0),
        new("signal a thread of a process", X64Call.Tgkill, targets.Victim, targets.Victim, 0),
        new("signal a thread by its number", X64Call.Tkill, targets.Victim, 0),
        new("queue a signal", X64Call.RtSigqueueinfo, targets.Victim, 0, Queued()),
        new("wait for a child", X64Call.Wait4, -1, 0, 1, 0),
        new("leave the session", X64Call.Setsid),
    ];

    private static IEnumerable<Attempt> Reaching(Targets targets) =>
    [
        new("trace a process", () => Trace(targets.Victim)),
        new("read a process' memory", X64Call.ProcessVmReadv, targets.Victim, new nint[2], 1, new nint[2], 1, 0),
        new("write a process' memory", X64Call.ProcessVmWritev, targets.Victim, new nint[2], 1, new nint[2], 1, 0),
        new("read init's memory", X64Call.ProcessVmReadv, Init, new nint[2], 1, new nint[2], 1, 0),
        Attempt.Making("hold a process", X64Call.PidfdOpen, targets.Victim, 0),
        new("take a process' descriptor", () => TakeDescriptor(targets.Victim)),
        new("compare with a process", X64Call.Kcmp, targets.Victim, targets.Victim, 1, 0, 0),
        new("change a process' limits", X64Call.Prlimit64, targets.Victim, OpenFilesLimit, 0, new byte[16]),
        new("raise its own limit", X64Call.Prlimit64, 0, OpenFilesLimit, new nint[] { 4096, 4096 }, 0),
        new("raise its own limit with setrlimit", X64Call.Setrlimit, OpenFilesLimit, new nint[] { 4096, 4096 }),
        new("move a process' pages", X64Call.MovePages, targets.Victim, 0, 0, 0, 0, 0),
    ];

    private static IEnumerable<Attempt> Scheduling(Targets targets) =>
    [
        new("choose its processors", X64Call.SchedSetaffinity, 0, 8, new byte[] { 255, 0, 0, 0, 0, 0, 0, 0 }),
        new("become a real-time thread", X64Call.SchedSetscheduler, 0, 1, new byte[] { 1, 0, 0, 0 }),
        new("change its scheduling", X64Call.SchedSetattr, 0, (byte[])[48, 0, 0, 0, .. new byte[44]], 0),
        new("change a process' priority", X64Call.Setpriority, 0, targets.Victim, 0),
        new("change its I/O priority", X64Call.IoprioSet, 1, 0, 0x4004),
    ];

    // struct siginfo with si_code SI_QUEUE; the kernel keeps all others to itself.
    private static byte[] Queued() => [.. new byte[8], 255, 255, 255, 255, .. new byte[116]];

    private static string Trace(int victim)
    {
        string result = RawCall.Call((int)X64Call.Ptrace, PtraceSeize, victim, 0, 0);
        RawCall.Call((int)X64Call.Ptrace, PtraceDetach, victim, 0, 0);
        return result;
    }

    private static string TakeDescriptor(int victim)
    {
        long held = RawCall.Number((int)X64Call.PidfdOpen, victim, 0);
        string result = RawCall.CallForDescriptor((int)X64Call.PidfdGetfd, (int)held, 0, 0);
        RawCall.Closed(held);
        return result;
    }
}
