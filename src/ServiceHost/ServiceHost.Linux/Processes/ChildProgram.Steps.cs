namespace ServiceHost.Linux;

/// <summary>The vocabulary of a child. Each method appends; nothing happens before the fork.</summary>
public sealed unsafe partial class ChildProgram
{
    private const int CLONE_NEWUSER = 0x10000000;
    private const int O_CLOEXEC = 0x80000;
    private const int AT_FDCWD = -100;
    private const int AT_EMPTY_PATH = 0x1000;
    private const int SIG_SETMASK = 2;
    private const int LastSignal = 64;
    private const int KernelSignalSetSize = 8;
    private const int PR_SET_PDEATHSIG = 1;
    private const int PR_SET_KEEPCAPS = 8;
    private const int PR_CAPBSET_DROP = 24;
    private const int PR_SET_SECUREBITS = 28;
    private const int PR_SET_NO_NEW_PRIVS = 38;
    private const int PR_CAP_AMBIENT = 47;
    private const int PR_CAP_AMBIENT_CLEAR_ALL = 4;
    private const uint LINUX_CAPABILITY_VERSION_3 = 0x20080522;
    private const int SIGKILL = 9;
    private const int SIGSTOP = 19;

    /// <summary>
    /// Every signal gets its default action and the mask becomes empty. The parent forks with all signals blocked, so that none of
    /// the runtime's handlers ever runs in the child; what arrived in between takes effect here, by its default action.
    /// </summary>
    public void ResetSignals()
    {
        // struct sigaction of the kernel: handler, flags, restorer, mask; all zero is SIG_DFL.
        nint action = (nint)Allocate(4 * sizeof(ulong));
        for (int signal = 1; signal <= LastSignal; signal++)
        {
            if (signal is not (SIGKILL or SIGSTOP))
            {
                Add(ChildStep.ResetSignals, SystemCallNumber.RtSigaction, signal, action, 0, KernelSignalSetSize);
            }
        }

        nint empty = (nint)Allocate(KernelSignalSetSize);
        Add(ChildStep.ResetSignals, SystemCallNumber.RtSigprocmask, SIG_SETMASK, empty, 0, KernelSignalSetSize);
    }

    /// <summary>setsid(2): no controlling terminal, so that a hostile program cannot type into it.</summary>
    public void StartSession() => Add(ChildStep.StartSession, SystemCallNumber.Setsid);

    /// <summary>chdir("/"): the directory the parent was started in is nothing the program should hold.</summary>
    public void ChangeToRoot() => Add(ChildStep.ChangeDirectory, SystemCallNumber.Chdir, (nint)Copy("/\0"u8));

    /// <summary>prctl(PR_SET_KEEPCAPS): the permitted set survives the next change from uid 0; an exec ends it.</summary>
    public void KeepCapabilities() => Add(ChildStep.KeepCapabilities, SystemCallNumber.Prctl, PR_SET_KEEPCAPS, 1);

    /// <summary>setns(2). The caller's uid must own the namespace; afterwards the child has every capability inside it.</summary>
    public void JoinUserNamespace(Fd userNamespace) =>
        Add(ChildStep.JoinUserNamespace, SystemCallNumber.Setns, userNamespace.Number, CLONE_NEWUSER);

    /// <summary>unshare(CLONE_NEWUSER): the new namespace belongs to the uid that the child has at this moment.</summary>
    public void UnshareUserNamespace() => Add(ChildStep.Unshare, SystemCallNumber.Unshare, CLONE_NEWUSER);

    /// <summary>
    /// Sets user.max_user_namespaces of the namespace just made to 0: nobody in it can make another one and so get every capability
    /// back over things of the kernel's. Where /proc/sys cannot be written this does nothing, and a filter has to do it.
    /// </summary>
    public void ForbidNestedNamespaces()
    {
        nint path = (nint)Copy("/proc/sys/user/max_user_namespaces\0"u8);
        nint zero = (nint)Copy("0\n"u8);
        _instructions.Add(new ChildInstruction
        {
            Step = ChildStep.Unshare,
            Number = SystemCallNumber.Openat,
            A = AT_FDCWD,
            B = path,
            C = (nint)OpenFlags.WriteOnly | O_CLOEXEC,
            KeepResult = true,
            MayFail = true,
        });
        _instructions.Add(new ChildInstruction
        {
            Step = ChildStep.Unshare,
            Number = SystemCallNumber.Write,
            UseKept = true,
            B = zero,
            C = 2,
            MayFail = true,
        });
    }

    /// <summary>setgroups(2) of this thread.</summary>
    public void SetGroups(ReadOnlySpan<uint> groups)
    {
        uint* list = (uint*)Allocate((nuint)(groups.Length * sizeof(uint)));
        groups.CopyTo(new Span<uint>(list, groups.Length));
        Add(ChildStep.SetGroups, SystemCallNumber.Setgroups, groups.Length, (nint)list);
    }

    /// <summary>setresgid(2) and setresuid(2): real, effective and saved, in this order (the other way round the gid is EPERM).</summary>
    public void SetIdentity(uint uid, uint gid)
    {
        Add(ChildStep.SetGid, SystemCallNumber.Setresgid, (nint)gid, (nint)gid, (nint)gid);
        Add(ChildStep.SetUid, SystemCallNumber.Setresuid, (nint)uid, (nint)uid, (nint)uid);
    }

    /// <summary>
    /// prctl(PR_CAPBSET_DROP) of all but <paramref name="keep"/>: the limit of what an exec can give, also to uid 0.
    /// Needs CAP_SETPCAP in the namespace the child is in.
    /// </summary>
    public void LimitBoundingSet(CapabilitySet keep)
    {
        for (int capability = 0; capability <= ProcessCapabilities.Last; capability++)
        {
            if (!keep.Contains(capability))
            {
                Add(ChildStep.DropBoundingSet, SystemCallNumber.Prctl, PR_CAPBSET_DROP, capability);
            }
        }
    }

    /// <summary>prctl(PR_SET_SECUREBITS). Needs CAP_SETPCAP.</summary>
    public void SetSecureBits(SecureBits bits) =>
        Add(ChildStep.LockSecureBits, SystemCallNumber.Prctl, PR_SET_SECUREBITS, (nint)bits);

    /// <summary>
    /// capset(2): permitted and effective become <paramref name="keep"/>, inheritable becomes empty, and ambient with it.
    /// An exec by uid 0 then has exactly the bounding set, by any other uid nothing.
    /// </summary>
    public void SetCapabilities(CapabilitySet keep)
    {
        uint* header = (uint*)Allocate(2 * sizeof(uint));
        header[0] = LINUX_CAPABILITY_VERSION_3;
        uint* data = (uint*)Allocate(6 * sizeof(uint));
        (uint low, uint high) = ((uint)keep.Bits, (uint)(keep.Bits >> 32));
        data[0] = low;
        data[1] = low;
        data[3] = high;
        data[4] = high;
        Add(ChildStep.SetCapabilities, SystemCallNumber.Capset, (nint)header, (nint)data);
        Add(ChildStep.ClearAmbient, SystemCallNumber.Prctl, PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL);
    }

    /// <summary>prctl(PR_SET_NO_NEW_PRIVS): no exec gives more than the child has.</summary>
    public void NoNewPrivileges() => Add(ChildStep.NoNewPrivileges, SystemCallNumber.Prctl, PR_SET_NO_NEW_PRIVS, 1);

    /// <summary>
    /// landlock_restrict_self(2), for good. Needs no_new_privs before it; what is opened afterwards, the program of an exec
    /// included, has to be allowed by a rule.
    /// </summary>
    public void EnforceLandlock(Fd ruleset) => Add(ChildStep.Landlock, SystemCallNumber.LandlockRestrictSelf, ruleset.Number, 0);

    /// <summary>prlimit(2) on itself.</summary>
    public void SetLimit(ResourceLimit limit)
    {
        ulong* pair = (ulong*)Allocate(2 * sizeof(ulong));
        pair[0] = limit.Soft;
        pair[1] = limit.Hard;
        Add(ChildStep.SetLimits, SystemCallNumber.Prlimit64, 0, (nint)limit.Resource, (nint)pair);
    }

    /// <summary>
    /// prctl(PR_SET_PDEATHSIG, SIGKILL), then a look whether the parent is already gone. The signal is sent when the thread that
    /// forked ends, and a change of credentials clears it.
    /// </summary>
    public void DieWithParent()
    {
        Add(ChildStep.DieWithParent, SystemCallNumber.Prctl, PR_SET_PDEATHSIG, SIGKILL);
        _instructions.Add(new ChildInstruction
        {
            Step = ChildStep.ParentGone,
            Number = SystemCallNumber.Getppid,
            MustEqual = true,
            Expected = Environment.ProcessId,
        });
    }

    /// <summary>dup3(2): the program after exec finds <paramref name="source"/> at <paramref name="number"/>.</summary>
    public void PlaceInherited(Fd source, int number) =>
        Add(ChildStep.PlaceDescriptors, SystemCallNumber.Dup3, source.Number, number);

    /// <summary>
    /// Opens a directory or file of this child's own /proc/self and places it, inherited, at <paramref name="number"/>. It must be the
    /// child who opens it (a parent's shows the parent), and before anything restricts opening.
    /// </summary>
    public void PlaceProcessFile(ReadOnlySpan<byte> pathTerminated, OpenFlags flags, int number)
    {
        nint path = (nint)Copy(pathTerminated);
        _instructions.Add(new ChildInstruction
        {
            Step = ChildStep.OpenProcessFiles,
            Number = SystemCallNumber.Openat,
            A = AT_FDCWD,
            B = path,
            C = (nint)flags | O_CLOEXEC,
            KeepResult = true,
        });
        _instructions.Add(new ChildInstruction
        {
            Step = ChildStep.PlaceDescriptors,
            Number = SystemCallNumber.Dup3,
            UseKept = true,
            B = number,
        });
    }

    /// <summary>close_range(2) of one number, which need not be open.</summary>
    public void Close(int number) => Add(ChildStep.CloseDescriptors, SystemCallNumber.CloseRange, number, number);

    /// <summary>
    /// close_range(2) of everything from <paramref name="first"/> on, but the status pipe and <paramref name="keep"/>.
    /// </summary>
    public void CloseFrom(int first, params ReadOnlySpan<int> keep)
    {
        int[] kept = [.. keep, StatusNumber];
        Array.Sort(kept);
        foreach (int number in kept)
        {
            if (number > first)
            {
                Add(ChildStep.CloseDescriptors, SystemCallNumber.CloseRange, first, number - 1);
            }

            first = Math.Max(first, number + 1);
        }

        Add(ChildStep.CloseDescriptors, SystemCallNumber.CloseRange, first, unchecked((nint)uint.MaxValue));
    }

    /// <summary>
    /// Tells the parent that everything above succeeded. Before an exec it lets the parent tell an exec from a death; before a
    /// pause it is the goal.
    /// </summary>
    public void Announce()
    {
        nint record = (nint)Allocate((nuint)sizeof(ChildFailure));
        Add(ChildStep.Announce, SystemCallNumber.Write, StatusNumber, record, sizeof(ChildFailure));
    }

    /// <summary>Waits to be killed: ppoll(2) without descriptors and without end.</summary>
    public void Pause() => Add(ChildStep.Died, SystemCallNumber.Ppoll);

    /// <summary>execveat(2) of the file behind <paramref name="executable"/> (O_PATH is enough); argv[0] is the caller's choice.</summary>
    public void Execute(int executable, IReadOnlyList<string> arguments, IReadOnlyList<string> environment)
    {
        nint empty = (nint)Copy("\0"u8);
        Add(
            ChildStep.Execute, SystemCallNumber.Execveat, executable, empty, (nint)CopyVector(arguments),
            (nint)CopyVector(environment), AT_EMPTY_PATH);
    }

}
