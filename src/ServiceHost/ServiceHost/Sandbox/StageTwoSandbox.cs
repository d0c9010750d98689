using ServiceHost.Linux;

namespace ServiceHost.Sandbox;

/// <summary>What stage 2 adds to what it was started with. Each step covers every thread, those that come later included.</summary>
internal static class StageTwoSandbox
{
    /// <summary>First of all: the exec made the process dumpable again, and a core, or a tracer with the same ids, would have the users' data.</summary>
    public static Errno HideMemory(StageTwoSteps omitted = StageTwoSteps.None) =>
        omitted.HasFlag(StageTwoSteps.Undumpable) ? Errno.None : Libc.ForbidDump();

    /// <summary>
    /// Before the first byte of a grant is read. no_new_privs is there already; the filter takes it to threads that might lack it. The
    /// kernel's own rule against executable memory is older kernels' to lack (EINVAL): the filter has it, too.
    /// </summary>
    public static Errno Close(SystemCallPolicy policy, StageTwoSteps omitted = StageTwoSteps.None)
    {
        Errno errno = omitted.HasFlag(StageTwoSteps.NoExecutableMemory) ? Errno.None : Libc.ForbidExecutableMemory();
        if (errno.IsError && errno != Errno.EINVAL)
        {
            return errno;
        }

        errno = omitted.HasFlag(StageTwoSteps.NoNewPrivileges) ? Errno.None : Libc.ForbidNewPrivileges();
        if (errno.IsError || omitted.HasFlag(StageTwoSteps.Filter))
        {
            return errno;
        }

        return Libc.LoadFilter(FilterCompiler.Compile(policy), allThreads: true);
    }

    /// <summary>
    /// Newer kernels let a ring set options of any socket it has a descriptor of, past the filter. A packet filter is a program in the
    /// kernel: none can be attached from here on. The standard streams may be sockets, too.
    /// </summary>
    public static Errno LockSockets(IEnumerable<int> descriptors)
    {
        foreach (int number in (IEnumerable<int>)[0, 1, 2, .. descriptors])
        {
            Errno errno = Libc.LockPacketFilter(new Fd(number));
            if (errno.IsError)
            {
                return errno;
            }
        }

        return Errno.None;
    }

    /// <summary>All that a server of this kind may call.</summary>
    public static SystemCallPolicy PolicyFor(IEnumerable<SystemCallRule> ofTheServer, bool hasRings = false) =>
        new(RuntimeSystemCalls.For(Environment.ProcessId), EngineSystemCalls.Rules, hasRings ? RingSystemCalls.Rules : [], ofTheServer);

    /// <summary>For a stage 1 that only waits for stage 2: its threads keep a full bounding set, so nothing must be left that could use it.</summary>
    public static Errno CloseWaiter()
    {
        Errno errno = Libc.ForbidNewPrivileges();
        return errno.IsError
            ? errno
            : Libc.LoadFilter(
                FilterCompiler.Compile(new SystemCallPolicy(RuntimeSystemCalls.For(Environment.ProcessId), WaitingStageOneCalls.Rules)),
                allThreads: true);
    }
}
