using System.Runtime.InteropServices;

namespace ServiceHost.Linux;

/// <summary>Seccomp filters, and the mitigations of the memory map that cover every thread at once.</summary>
public static unsafe partial class Libc
{
    private const int SECCOMP_SET_MODE_FILTER = 1;
    private const int SECCOMP_FILTER_FLAG_TSYNC = 1;
    private const int SECCOMP_FILTER_FLAG_TSYNC_ESRCH = 1 << 4;
    private const int PR_SET_NO_NEW_PRIVS = 38;
    private const int PR_SET_MDWE = 65;
    private const int PR_MDWE_REFUSE_EXEC_GAIN = 1;

    /// <summary>prctl(PR_SET_NO_NEW_PRIVS) of the calling thread; a filter for all threads takes it to the others.</summary>
    public static Errno ForbidNewPrivileges() => Errno.Of(SystemCall.Call(SystemCallNumber.Prctl, PR_SET_NO_NEW_PRIVS, 1));

    /// <summary>
    /// prctl(PR_SET_MDWE) of the process: no mapping becomes executable that was not made so. EINVAL before Linux 6.3.
    /// </summary>
    public static Errno ForbidExecutableMemory() =>
        Errno.Of(SystemCall.Call(SystemCallNumber.Prctl, PR_SET_MDWE, PR_MDWE_REFUSE_EXEC_GAIN));

    /// <summary>
    /// seccomp(SECCOMP_SET_MODE_FILTER). With <paramref name="allThreads"/> every thread of the process has the filter, and
    /// no_new_privs with it, or the call fails and none has (ESRCH: one of them has another filter of its own).
    /// </summary>
    public static Errno LoadFilter(ReadOnlySpan<FilterInstruction> program, bool allThreads)
    {
        fixed (FilterInstruction* instructions = program)
        {
            FilterProgram header = new() { Length = checked((ushort)program.Length), Instructions = instructions };
            int flags = allThreads ? SECCOMP_FILTER_FLAG_TSYNC | SECCOMP_FILTER_FLAG_TSYNC_ESRCH : 0;
            return Errno.Of(SystemCall.Call(SystemCallNumber.Seccomp, SECCOMP_SET_MODE_FILTER, flags, (nint)(&header)));
        }
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct FilterProgram
    {
        public ushort Length;
        public FilterInstruction* Instructions;
    }
}
