using ServiceHost.Linux;

namespace MountHelper.Keeper;

/// <summary>
/// What the keeper is: a user of its own with CAP_SYS_ADMIN and nothing else. The kernel opens every registered file once more in the name of who
/// registered it, and uid 0, or root's group, would give every user of the mount the blocks that a filesystem reserves for root.
/// A unit starts it like that. Started as root it makes itself so and executes itself again: capabilities are per thread, the
/// runtime has threads before Main, and an exec leaves none of them.
/// </summary>
internal static class OwnRights
{
    /// <summary>Outside the pool of the mounts' ids, and not the joiner's. It owns no file.</summary>
    private const uint Id = 0x7FFF_0001;

    private const int CAP_SYS_ADMIN = 21;

    private static readonly CapabilitySet s_one = CapabilitySet.SysAdmin;

    public static void Ensure()
    {
        if (ProcessIdentity.EffectiveUid == 0)
        {
            Errno errno = ExecuteAsItself();
            KeeperException.ThrowIfBroken(KeeperRule.UserIsItsOwn, errno.IsError, $"cannot become uid {Id}: {errno}");
        }

        ThreadIds ids = ThreadIds.Read();
        bool rootsGroup = Libc.Getgroups(out uint[] groups).IsError || groups.Contains(0u);
        KeeperException.ThrowIfBroken(KeeperRule.UserIsItsOwn, ids.Uids.Contains(0u) || ids.Gids.Contains(0u) || rootsGroup,
            $"the keeper may be neither root nor in root's group: {ids}, groups {string.Join(' ', groups)}");
        foreach (ThreadRestrictions? thread in (ThreadRestrictions?[])[ThreadRestrictions.ReadOwn(), FinalizerThread.Ask()])
        {
            bool alone = thread is not null && thread.Effective == s_one && thread.Permitted == s_one && s_one.Contains(thread.Bounding);
            KeeperException.ThrowIfBroken(KeeperRule.OneCapability, !alone,
                thread is null ? "a thread cannot be asked for its rights" : $"a thread has {thread.Permitted}, and can get {thread.Bounding}");
        }
    }

    /// <summary>Before the first word of a server: from here on this process can do what a keeper does, and nothing else, whatever becomes of it.</summary>
    public static void Close(OwnedFd device)
    {
        Errno errno = Libc.ForbidDump();
        errno = errno.IsError ? errno : Libc.ForbidExecutableMemory();

        // Kernels before 6.3 do not know the rule; the filter has it, too.
        errno = errno == Errno.EINVAL ? Errno.None : errno;
        errno = errno.IsError ? errno : Libc.ForbidNewPrivileges();
        errno = errno.IsError ? errno : Libc.LoadFilter(FilterCompiler.Compile(KeeperSystemCalls.For(device)), allThreads: true);
        KeeperException.ThrowIfBroken(KeeperRule.CallsAreFiltered, errno.IsError, $"cannot load the system call filter: {errno}");
    }

    /// <summary>Returns only when it failed.</summary>
    private static Errno ExecuteAsItself()
    {
        // A core would have descriptors' data of a user in it.
        Errno errno = Libc.SetLimit(new ResourceLimit(ResourceKind.CoreSize, 0, 0));
        errno = errno.IsError ? errno : KeptRights.Become(Id, CAP_SYS_ADMIN);
        return errno.IsError
            ? errno
            : Libc.Execve(CString.FromTerminated("/proc/self/exe\0"u8), ["fuservice-keeper"u8.ToArray()], ActivatedSocket.Environment());
    }
}
