namespace ServiceHost.Linux;

/// <summary>
/// For a program that goes on as somebody else with a single right: what the calling thread does before it executes a program, the same one most
/// likely. Other threads need not do it, because the exec ends them.
/// </summary>
public static class KeptRights
{
    private const int PR_SET_KEEPCAPS = 8;
    private const int PR_CAPBSET_DROP = 24;
    private const int PR_CAP_AMBIENT = 47;
    private const int PR_CAP_AMBIENT_RAISE = 2;

    /// <summary>
    /// From root to <paramref name="id"/>, as user and as group, without other groups, with no capability but <paramref name="capability"/>,
    /// which the exec then passes on, and nothing that an exec could add to it.
    /// </summary>
    public static Errno Become(uint id, int capability)
    {
        // In this order: limiting the bounding set takes a capability that the change of ids takes away.
        Errno errno = LimitBoundingSet(capability);
        errno = errno.IsError ? errno : Prctl(PR_SET_KEEPCAPS, 1);
        errno = errno.IsError ? errno : ProcessIdentity.SetGroups([]);
        errno = errno.IsError ? errno : ProcessIdentity.SetGid(id);
        errno = errno.IsError ? errno : ProcessIdentity.SetUid(id);
        ulong kept = 1UL << capability;
        errno = errno.IsError ? errno : new ThreadCapabilities(kept, kept, kept).Apply();
        errno = errno.IsError ? errno : Prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability);
        return errno.IsError ? errno : Libc.ForbidNewPrivileges();
    }

    private static Errno LimitBoundingSet(int kept)
    {
        Errno errno = Errno.None;
        for (int capability = 0; capability <= ProcessCapabilities.Last && errno.IsOk; capability++)
        {
            errno = capability == kept ? Errno.None : Prctl(PR_CAPBSET_DROP, capability);
        }

        return errno;
    }

    private static Errno Prctl(int option, nint first, nint second = 0) =>
        Errno.Of(SystemCall.Call(SystemCallNumber.Prctl, option, first, second));
}
