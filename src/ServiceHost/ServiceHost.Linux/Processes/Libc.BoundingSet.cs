namespace ServiceHost.Linux;

/// <summary>The limit of what an exec can give.</summary>
public static unsafe partial class Libc
{
    private const int PR_CAPBSET_DROP = 24;

    /// <summary>prctl(PR_CAPBSET_DROP) of everything, for the calling thread and what it forks. Needs CAP_SETPCAP.</summary>
    public static Errno DropBoundingSet()
    {
        Errno errno = Errno.None;
        for (int capability = 0; capability <= ProcessCapabilities.Last && errno.IsOk; capability++)
        {
            errno = Errno.Of(SystemCall.Call(SystemCallNumber.Prctl, PR_CAPBSET_DROP, capability));
        }

        return errno;
    }
}
