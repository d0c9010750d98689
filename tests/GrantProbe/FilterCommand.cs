using System.Globalization;
using System.Runtime.InteropServices;
using ServiceHost.Linux;
using ServiceHost.Sandbox;

namespace GrantProbe;

/// <summary>
/// filter: asks the kernel what it makes of a server's filter, call by call. The program is the server's but for the verdicts: every one
/// is turned into an errno of its own, so that no call is carried out. It is loaded into one thread, which never comes back; the
/// others report and end the process.
/// </summary>
internal static unsafe partial class FilterCommand
{
    private const uint ErrnoVerdict = 0x0005_0000;
    private const int OfAllowed = 4000;
    private const int OfRefused = 3000;
    private const int Numbers = 601;
    private const int Rounds = 40;

    // The trampolines of uprobes, which the kernel lets past every filter and which are SIGILL for whoever is not one.
    private const uint Uretprobe = 335;
    private const uint Uprobe = 336;

    // mov eax, edi; int 0x80, with rbx saved: the same number as a call of i386.
    private static readonly byte[] s_int80 = [0x53, 0x31, 0xDB, 0x31, 0xC9, 0x31, 0xD2, 0x89, 0xF8, 0xCD, 0x80, 0x5B, 0xC3];

    internal static int Run()
    {
        SystemCallPolicy policy = StageTwoSandbox.PolicyFor(ImageSystemCalls.Rules);
        FilterInstruction[] program = [.. FilterCompiler.Compile(policy).Select(Observable)];
        List<(uint Number, ulong[] Arguments)> calls = MakeCalls(policy);
        int[] answers = new int[calls.Count];
        int[] foreign = new int[Numbers];
        delegate* unmanaged<int, int> oldCall = MapCode();
        bool finished = false;

        // A collection would stop the filtered thread with a signal, whose handler cannot make the calls it needs.
        if (!GC.TryStartNoGCRegion(64 << 20))
        {
            throw new ProbeException("the collector does not hold still");
        }

        Thread thread = new(() =>
        {
            Probe.Check(Libc.ForbidNewPrivileges(), "no_new_privs");
            Probe.Check(Libc.LoadFilter(program, allThreads: false), "load");
            for (int i = 0; i < answers.Length; i++)
            {
                ulong[] a = calls[i].Arguments;
                long result = Raw((nint)calls[i].Number, (nint)a[0], (nint)a[1], (nint)a[2], (nint)a[3], (nint)a[4], (nint)a[5]);
                answers[i] = result < 0 ? Marshal.GetLastSystemError() : 0;
            }

            for (int number = 0; number < foreign.Length; number++)
            {
                foreign[number] = -oldCall(number);
            }

            Volatile.Write(ref finished, true);
            while (Volatile.Read(ref finished))
            {
                // Not SpinWait, which asks for the time and for the scheduler.
            }
        })
        { IsBackground = true };
        thread.Start();
        while (!Volatile.Read(ref finished))
        {
            Thread.Sleep(1);
        }

        int wrong = Compare(policy, calls, answers);
        int let = foreign.Count(static answer => answer != OfRefused + Errno.EPERM.Number);
        Output.Line($"compared: {calls.Count}");
        Output.Line($"wrong: {wrong}");
        Output.Line($"i386-not-refused: {let}");
        return 0;
    }

    private static FilterInstruction Observable(FilterInstruction step) => step.Code != 0x06 ? step
        : step.Constant == FilterCompiler.Allowed ? step with { Constant = ErrnoVerdict | OfAllowed }
        : step with { Constant = ErrnoVerdict | (OfRefused + (step.Constant & 0xFFFF)) };

    private static int Compare(SystemCallPolicy policy, List<(uint Number, ulong[] Arguments)> calls, int[] answers)
    {
        int wrong = 0;
        for (int i = 0; i < answers.Length; i++)
        {
            Errno meant = policy.Decide(SystemCallPolicy.Architecture, calls[i].Number, calls[i].Arguments);
            int expected = meant.IsOk ? OfAllowed : OfRefused + meant.Number;
            if (answers[i] != expected)
            {
                wrong++;
                Output.Line(string.Create(CultureInfo.InvariantCulture, $"call {calls[i].Number}: {answers[i]}, meant {expected}"));
            }
        }

        return wrong;
    }

    /// <summary>Every number with random arguments, x32 included, and each checked argument with its own value.</summary>
    private static List<(uint, ulong[])> MakeCalls(SystemCallPolicy policy)
    {
        Random random = new(4);
        List<(uint, ulong[])> calls = [];
        for (int round = 0; round < Rounds; round++)
        {
            for (uint number = 0; number < Numbers; number++)
            {
                if (number is Uretprobe or Uprobe)
                {
                    continue;
                }

                ulong[] arguments = [.. Enumerable.Range(0, 6).Select(_ => (ulong)random.NextInt64() & (ulong)random.NextInt64())];
                calls.Add((round == 0 ? number | SystemCallPolicy.FirstForeignNumber : number, round == 1 ? new ulong[6] : arguments));
            }
        }

        foreach (SystemCallRule rule in policy.Rules)
        {
            foreach (IReadOnlyList<ArgumentCheck> checks in rule.Alternatives)
            {
                ulong[] arguments = new ulong[6];
                foreach (ArgumentCheck check in checks)
                {
                    arguments[check.Index] = check.Value;
                }

                calls.Add(((uint)rule.Call, arguments));
            }
        }

        return calls;
    }

    private static delegate* unmanaged<int, int> MapCode()
    {
        nint page = mmap(0, 4096, 3, 0x22, -1, 0);
        s_int80.CopyTo(new Span<byte>((void*)page, s_int80.Length));
        Probe.Check(mprotect(page, 4096, 5) == 0 ? Errno.None : Errno.EACCES, "executable page");
        return (delegate* unmanaged<int, int>)page;
    }

    [LibraryImport("libc", EntryPoint = "syscall")]
    [SuppressGCTransition]
    private static partial long Raw(nint number, nint a, nint b, nint c, nint d, nint e, nint f);

    [LibraryImport("libc")]
    private static partial nint mmap(nint address, nuint length, int protection, int flags, int fd, nint offset);

    [LibraryImport("libc")]
    private static partial int mprotect(nint address, nuint length, int protection);
}
