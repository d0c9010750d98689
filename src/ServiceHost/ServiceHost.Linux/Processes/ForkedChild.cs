using System.Runtime.InteropServices;

namespace ServiceHost.Linux;

/// <summary>
/// A child made by fork, running a <see cref="ChildProgram"/>. fork copies one thread and whatever state all others were in, so it
/// is refused while more threads exist than the runtime's own two: with a third, managed one allocating, the child hung within a
/// hundred forks. Dispose kills and reaps a child that nobody took over; one that cannot die, because it closes a file of a filesystem that
/// does not answer, is left to whoever inherits it.
/// </summary>
public sealed unsafe class ForkedChild : IDisposable
{
    private const int CLONE_PIDFD = 0x1000;
    private const int CLONE_PARENT = 0x8000;
    private const int SIGCHLD = 17;
    private const int SIGKILL = 9;
    private const int SIG_SETMASK = 2;
    private const int KernelSignalSetSize = 8;
    private const int ErrnoOfUnexpectedResult = 3;

    private static readonly TimeSpan s_patienceToDie = TimeSpan.FromMilliseconds(250);

    private readonly bool _isSibling;
    private bool _reaped;

    private ForkedChild(int pid, OwnedFd pidfd, bool isSibling) => (Pid, Pidfd, _isSibling) = (pid, pidfd, isSibling);

    public int Pid { get; }

    public OwnedFd Pidfd { get; }

    /// <summary>
    /// Forks and waits until the child announces its goal (and, with exec, has done it). On failure nothing is left: the child is
    /// dead and reaped, whatever it was doing when the deadline passed.
    /// </summary>
    /// <param name="asSibling">Our parent becomes the child's, who reaps it: for a service manager that is going to watch it.</param>
    public static ChildFailure? Start(
        ChildProgram program, bool endsInExec, Deadline deadline, out ForkedChild? child, bool asSibling = false)
    {
        ArgumentNullException.ThrowIfNull(program);
        child = null;
        Errno errno = Fork(program, asSibling, out ForkedChild? forked);
        program.StatusWrite.Dispose();
        if (errno.IsError)
        {
            return new ChildFailure(ChildStep.Fork, errno);
        }

        ChildFailure? failure = AwaitGoal(program.StatusRead, endsInExec, deadline);
        if (failure is not null)
        {
            forked!.Dispose();
            return failure;
        }

        child = forked;
        return null;
    }

    /// <summary>Waits for the end; EINTR is retried. A sibling is not ours to wait for: its parent reaps it.</summary>
    public ExitStatus Wait()
    {
        if (_isSibling)
        {
            throw new InvalidOperationException("a child that was started as a sibling is reaped by its parent");
        }

        ExitStatus? status;
        Errno errno;
        do
        {
            errno = Libc.WaitPidfd(Pidfd, block: true, out status);
        }
        while (errno == Errno.EINTR);
        _reaped = true;
        return status ?? throw new InvalidOperationException($"waitid: {errno}");
    }

    public void Dispose()
    {
        if (!_reaped && !Pidfd.IsInvalid)
        {
            Libc.PidfdSendSignal(Pidfd, SIGKILL);
            if (!_isSibling && Libc.WaitReadable(Pidfd, Deadline.In(s_patienceToDie)).IsOk)
            {
                Wait();
            }
        }

        Pidfd.Dispose();
    }

    /// <summary>The child is from now on somebody else's (PID 1 reaps it, or a wait on the pidfd); only the descriptor is closed.</summary>
    public void Disown()
    {
        _reaped = true;
        Pidfd.Dispose();
    }

    private static Errno Fork(ChildProgram program, bool asSibling, out ForkedChild? child)
    {
        child = null;
        Errno errno = ThreadCount.Read(out int threads);
        if (errno.IsError || threads > ThreadCount.OfRuntime)
        {
            return errno.IsError ? errno : Errno.EBUSY;
        }

        ChildInstruction* code = program.Seal();

        // Nothing runs on the finalizer thread while we fork, and its next run needs a collection that only this thread can cause.
        GC.WaitForPendingFinalizers();
        int pidfd = -1;
        long pid = ForkAndRun(code, program.Count, program.StatusNumber, asSibling ? CLONE_PARENT : 0, &pidfd, out int failure);
        if (pid < 0)
        {
            return new Errno(failure);
        }

        child = new ForkedChild((int)pid, OwnedFd.Take(pidfd), asSibling);
        return Errno.None;
    }

    /// <summary>
    /// clone(2) with the flags of fork, not clone3: units that restrict namespaces deny clone3, whose flags a filter cannot see.
    /// All signals are blocked across it, so that neither a handler of the runtime nor a stop by the collector can hit the child.
    /// The child never leaves this method.
    /// </summary>
    private static long ForkAndRun(ChildInstruction* code, int count, int statusFd, int parent, int* pidfd, out int failure)
    {
        int mask = SystemCallNumber.RtSigprocmask;
        int clone = SystemCallNumber.Clone;
        int write = SystemCallNumber.Write;
        int exit = SystemCallNumber.ExitGroup;
        ulong all = ulong.MaxValue;
        ulong before;
        SystemCall.ChildCall(mask, SIG_SETMASK, (nint)(&all), (nint)(&before), KernelSignalSetSize, 0, 0);
        long pid = SystemCall.ChildCall(clone, CLONE_PIDFD | SIGCHLD | parent, 0, (nint)pidfd, 0, 0, 0);
        if (pid == 0)
        {
            RunChild(code, count, statusFd, write, exit);
        }

        failure = pid < 0 ? SystemCall.ChildErrno : 0;
        SystemCall.ChildCall(mask, SIG_SETMASK, (nint)(&before), 0, KernelSignalSetSize, 0, 0);
        return pid;
    }

    /// <summary>The only code of ours that runs in a forked child. No statics, no allocation, no exception, no managed call but these.</summary>
    private static void RunChild(ChildInstruction* code, int count, int statusFd, int write, int exit)
    {
        nint kept = -1;
        ChildFailure record = default;
        for (int i = 0; i < count; i++)
        {
            ChildInstruction* step = code + i;
            nint first = step->UseKept ? kept : step->A;
            long result = SystemCall.ChildCall(step->Number, first, step->B, step->C, step->D, step->E, step->F);
            if (!step->MayFail && (result < 0 || (step->MustEqual && result != step->Expected)))
            {
                record = new ChildFailure(step->Step, new Errno(result < 0 ? SystemCall.ChildErrno : ErrnoOfUnexpectedResult));
                break;
            }

            if (step->KeepResult)
            {
                kept = (nint)result;
            }
        }

        SystemCall.ChildCall(write, statusFd, (nint)(&record), sizeof(ChildFailure), 0, 0, 0);
        while (true)
        {
            SystemCall.ChildCall(exit, 127, 0, 0, 0, 0, 0);
        }
    }

    /// <summary>
    /// Records on the pipe are an announcement (all zero) and at most one failure. With exec the goal is the end of the pipe after
    /// an announcement: the exec closed the last write end.
    /// </summary>
    private static ChildFailure? AwaitGoal(OwnedFd status, bool endsInExec, Deadline deadline)
    {
        bool announced = false;
        Span<byte> buffer = stackalloc byte[sizeof(ChildFailure)];
        while (true)
        {
            int count = 0;
            Errno errno = Libc.WaitReadable(status, deadline);
            errno = errno.IsError ? errno : Libc.Read(status, buffer, out count);
            if (errno.IsError)
            {
                return new ChildFailure(errno == Errno.ETIMEDOUT ? ChildStep.TimedOut : ChildStep.Announce, errno);
            }

            if (count == 0)
            {
                return announced && endsInExec ? null : new ChildFailure(ChildStep.Died, Errno.ESRCH);
            }

            ChildFailure record = MemoryMarshal.Read<ChildFailure>(buffer);
            if (record.Step != ChildStep.None)
            {
                return record;
            }

            if (!endsInExec)
            {
                return null;
            }

            announced = true;
        }
    }
}
