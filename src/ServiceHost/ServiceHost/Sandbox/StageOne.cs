using ServiceHost.Linux;

namespace ServiceHost.Sandbox;

/// <summary>
/// The step from the process that talks to the Mounter to the process that reads the filesystem. Capabilities, no_new_privs and
/// Landlock belong to threads, and a .NET process has two before Main; so nothing is dropped here but in a forked child with one
/// thread, which then becomes stage 2 by exec.
/// </summary>
public static class StageOne
{
    private const uint Nogroup = 65534;

    /// <summary>
    /// For a stage 1 that was started as root: all its threads take the joiner's uid, before the first word to the Mounter. Also makes
    /// it not dumpable: other stage 1 processes share the uid, and stage 2 processes must never reach one.
    /// </summary>
    public static Errno TakeJoinerUid(uint joiner)
    {
        Errno errno = ProcessIdentity.EffectiveUid == joiner ? Errno.None : ChangeUid(joiner);
        return errno.IsError ? errno : Libc.ForbidDump();
    }

    /// <summary>Forks stage 2 and returns when it has been exec'ed, or null with a failure; on failure no process is left.</summary>
    public static ChildFailure? Launch(StageOnePlan plan, out ForkedChild? stageTwo)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return new StageOneLaunch(plan).Run(out stageTwo);
    }

    /// <summary>
    /// The bounding set of this thread, which is going to fork stage 2, goes before the right to change it does. Joining a namespace gives a
    /// full one for the inside, which the child limits itself; a stage 2 that joins none has what stands here.
    /// </summary>
    private static Errno ChangeUid(uint joiner)
    {
        Errno errno = Libc.DropBoundingSet();
        errno = errno.IsError ? errno : ProcessIdentity.SetGroups([]);
        errno = errno.IsError ? errno : ProcessIdentity.SetGid(Nogroup);
        return errno.IsError ? errno : ProcessIdentity.SetUid(joiner);
    }
}
