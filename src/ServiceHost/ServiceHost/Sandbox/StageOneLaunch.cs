using ServiceHost.Linux;

namespace ServiceHost.Sandbox;

/// <summary>One launch: the descriptors it duplicates out of the way, and the program of the child in the order that works.</summary>
internal sealed class StageOneLaunch(StageOnePlan plan)
{
    private const int StandardDescriptors = 3;
    private readonly List<OwnedFd> _owned = [];

    internal ChildFailure? Run(out ForkedChild? stageTwo)
    {
        stageTwo = null;
        try
        {
            // All sources and the child's own descriptors get numbers above every target, so that no dup3 hits a source.
            int firstFree = Math.Max(StandardDescriptors - 1, HighestTarget()) + 1;
            Errno errno = ChildProgram.Create(firstFree, out ChildProgram program);
            if (errno.IsError)
            {
                return new ChildFailure(ChildStep.Fork, errno);
            }

            using (program)
            {
                errno = Write(program, firstFree);
                return errno.IsError
                    ? new ChildFailure(ChildStep.PlaceDescriptors, errno)
                    : ForkedChild.Start(program, endsInExec: true, plan.Deadline, out stageTwo, asSibling: !plan.DieWithParent);
            }
        }
        finally
        {
            _owned.ForEach(static fd => fd.Dispose());
        }
    }

    private Errno Write(ChildProgram program, int firstFree)
    {
        program.ResetSignals();
        Do(StageOneSteps.Session, program.StartSession);
        Do(StageOneSteps.WorkingDirectory, program.ChangeToRoot);
        WriteIdentity(program);
        OwnedFd? ruleset = null;
        Errno errno = plan.Landlock is null ? Errno.None : Duplicate(plan.Landlock.Handle, firstFree, out ruleset);
        if (errno.IsError)
        {
            return errno;
        }

        errno = WriteDescriptors(program, firstFree, ruleset, out OwnedFd executable);
        if (errno.IsError)
        {
            return errno;
        }

        foreach (ResourceLimit limit in plan.Limits)
        {
            program.SetLimit(limit);
        }

        Do(StageOneSteps.NoNewPrivileges, program.NoNewPrivileges);

        // After all that stage 2 looks at itself with is open, and as the last word on files before the exec.
        if (ruleset is not null)
        {
            program.EnforceLandlock(ruleset);
        }

        if (plan.DieWithParent)
        {
            program.DieWithParent();
        }

        program.Announce();
        program.Execute(executable.Number, plan.Arguments, plan.Environment);
        return Errno.None;
    }

    /// <summary>
    /// Joining fills the bounding set, so it is limited afterwards; with the securebits that needs a capability that setresuid from 0
    /// takes away where no namespace was joined, so both come before the ids.
    /// </summary>
    private void WriteIdentity(ChildProgram program)
    {
        if (plan.UserNamespace is not null)
        {
            program.JoinUserNamespace(plan.UserNamespace);
        }

        if (plan.UserNamespace is not null || MayLimitBoundingSet())
        {
            Do(StageOneSteps.BoundingSet, () => program.LimitBoundingSet(plan.Capabilities));
            Do(StageOneSteps.SecureBits, () => program.SetSecureBits(SecureBitsOfStageTwo()));
        }

        if (plan.Identity is not null)
        {
            Do(StageOneSteps.Groups, () => program.SetGroups(plan.Identity.Groups.ToArray()));
            Do(StageOneSteps.Identity, () => program.SetIdentity(plan.Identity.Uid, plan.Identity.Gid));
        }

        // A unit that takes them all needs no capset in its filter.
        if (plan.UserNamespace is not null || !ProcessCapabilities.AreEmpty)
        {
            Do(StageOneSteps.Capabilities, () => program.SetCapabilities(plan.Capabilities));
        }
    }

    private void Do(StageOneSteps step, Action write)
    {
        if (!plan.Omitted.HasFlag(step))
        {
            write();
        }
    }

    /// <summary>Without CAP_SETPCAP the set cannot be limited; no_new_privs then keeps an exec from giving any of it.</summary>
    private static bool MayLimitBoundingSet() =>
        ProcessCapabilities.Read(out CapabilitySet effective, out _).IsOk && effective.Contains(CapabilitySet.Setpcap);

    private SecureBits SecureBitsOfStageTwo()
    {
        const SecureBits always = SecureBits.NoAmbientRaise | SecureBits.NoAmbientRaiseLocked | SecureBits.KeepCapsLocked;
        return plan.Capabilities.IsEmpty ? always | SecureBits.NoRoot | SecureBits.NoRootLocked : always;
    }

    private Errno WriteDescriptors(ChildProgram program, int firstFree, OwnedFd? ruleset, out OwnedFd executable)
    {
        bool[] planned = new bool[firstFree];
        Errno errno = Duplicate(plan.Executable, firstFree, out executable);
        foreach (InheritedFd inherited in plan.Inherit)
        {
            errno = errno.IsError ? errno : Place(program, inherited.Source, inherited.Number, firstFree);
            planned[inherited.Number] = true;
        }

        for (int number = 0; number < StandardDescriptors && errno.IsOk; number++)
        {
            errno = planned[number] ? Errno.None : PlaceStandard(program, number, firstFree);
            planned[number] = true;
        }

        foreach (OwnProcessFile file in plan.ProcessFiles)
        {
            program.PlaceProcessFile(CString.Allocate(file.Path), file.Flags, file.Number);
            planned[file.Number] = true;
        }

        if (plan.Omitted.HasFlag(StageOneSteps.CloseDescriptors))
        {
            return errno;
        }

        for (int number = 0; number < firstFree; number++)
        {
            if (!planned[number])
            {
                program.Close(number);
            }
        }

        program.CloseFrom(firstFree, ruleset is null ? [executable.Number] : [executable.Number, ruleset.Number]);
        return errno;
    }

    private Errno Place(ChildProgram program, Fd source, int number, int firstFree)
    {
        Errno errno = Duplicate(source, firstFree, out OwnedFd duplicate);
        if (errno.IsOk)
        {
            program.PlaceInherited(duplicate, number);
        }

        return errno;
    }

    /// <summary>
    /// Standard input is never the parent's (it may be a terminal). Output is, when it is open; otherwise the number is filled, so that the
    /// first file stage 2 opens does not become its standard error.
    /// </summary>
    private Errno PlaceStandard(ChildProgram program, int number, int firstFree)
    {
        if (number != 0)
        {
            Errno errno = Place(program, new Fd(number), number, firstFree);
            if (errno != Errno.EBADF)
            {
                return errno;
            }
        }

        return PlaceDeadPipe(program, number, firstFree);
    }

    /// <summary>The read end of a pipe without a writer: reading is end of file, writing is EBADF. Needs no /dev/null.</summary>
    private Errno PlaceDeadPipe(ChildProgram program, int number, int firstFree)
    {
        Errno errno = Libc.Pipe(out OwnedFd read, out OwnedFd write);
        write.Dispose();
        _owned.Add(read);
        return errno.IsError ? errno : Place(program, read, number, firstFree);
    }

    private Errno Duplicate(Fd fd, int firstFree, out OwnedFd duplicate)
    {
        Errno errno = Libc.DuplicateAbove(fd, firstFree, out duplicate);
        _owned.Add(duplicate);
        return errno;
    }

    private int HighestTarget()
    {
        IEnumerable<int> targets = plan.Inherit.Select(static fd => fd.Number).Concat(plan.ProcessFiles.Select(static file => file.Number));
        return targets.DefaultIfEmpty(-1).Max();
    }
}
