using ServiceHost.Linux;

namespace MountHelper;

/// <summary>
/// Short-lived children with the ids of a caller, for what the kernel has to decide by them. Each ends here in every case; one that waits
/// for a filesystem's answer is killed at the deadline.
/// </summary>
internal static class ChildOfCaller
{
    /// <summary>
    /// Looks at descriptors, and asks whether the caller may write into and search <paramref name="directory"/> when there is one. The step
    /// of the failure tells which of the two it was.
    /// </summary>
    public static ChildFailure? LookAt(
        CallerIdentity caller, IReadOnlyList<OwnedFd> fds, OwnedFd? directory, Deadline deadline, out Statx[] found)
    {
        Statx[] statuses = new Statx[fds.Count];
        found = statuses;
        return Run(deadline, (program, results) =>
        {
            // Nothing is closed: that could wait for a filesystem as well.
            Become(program, caller);
            for (int i = 0; i < fds.Count; i++)
            {
                program.LookAt(fds[i], results, i);
            }

            if (directory is not null)
            {
                program.CheckAccess(directory, ChildProgram.WriteAccess | ChildProgram.SearchAccess);
            }
        }, results =>
        {
            for (int i = 0; i < statuses.Length; i++)
            {
                statuses[i] = results[i];
            }
        });
    }

    /// <summary>Looks at what <paramref name="entry"/> in a directory leads to: the root of what is mounted there, never a link's end.</summary>
    public static ChildFailure? LookAtEntry(CallerIdentity caller, OwnedFd parent, byte[] entry, Deadline deadline, out Statx found)
    {
        Statx status = default;
        ChildFailure? failure = Run(deadline, (program, results) =>
        {
            program.CloseFrom(0, parent.Number);
            Become(program, caller);
            program.LookAtEntry(parent, CString.FromTerminated([.. entry, 0]), results, 0);
        }, results => status = results[0]);
        found = status;
        return failure;
    }

    /// <summary>Unmounts what is mounted on an entry of a directory. The child has CAP_SYS_ADMIN and, but for that, the caller's rights.</summary>
    public static ChildFailure? Unmount(CallerIdentity caller, OwnedFd parent, byte[] entry, UnmountFlags flags, Deadline deadline) =>
        Run(deadline, (program, _) =>
        {
            program.CloseFrom(0, parent.Number);
            program.KeepCapabilities();
            Become(program, caller);
            program.SetCapabilities(CapabilitySet.SysAdmin);
            program.DieWithParent();
            program.ChangeDirectory(parent);
            program.Unmount(CString.FromTerminated([.. entry, 0]), flags | UnmountFlags.NoFollow);
        }, static _ => { });

    private static void Become(ChildProgram program, CallerIdentity caller)
    {
        program.SetGroups([.. caller.Groups]);
        program.SetIdentity(caller.Uid, caller.Gid);
        program.DieWithParent();
    }

    private static ChildFailure? Run(Deadline deadline, Action<ChildProgram, SharedStatx> write, Action<SharedStatx> read)
    {
        Errno errno = SharedStatx.Create(out SharedStatx? results);
        if (errno.IsError)
        {
            return new ChildFailure(ChildStep.Fork, errno);
        }

        using (results)
        {
            errno = ChildProgram.Create(0, out ChildProgram program);
            if (errno.IsError)
            {
                return new ChildFailure(ChildStep.Fork, errno);
            }

            using (program)
            {
                program.ResetSignals();
                write(program, results!);
                program.Announce();
                ChildFailure? failure = ForkedChild.Start(program, endsInExec: false, deadline, out ForkedChild? child);
                child?.Dispose();
                if (failure is null)
                {
                    read(results!);
                }

                return failure;
            }
        }
    }
}
