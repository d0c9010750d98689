namespace ServiceHost.Linux;

/// <summary>What the calling thread may do, as the kernel tells.</summary>
public static class ProcessCapabilities
{
    private const int PR_CAPBSET_READ = 23;

    private static readonly int s_last = ProbeLast();

    /// <summary>The highest capability this kernel knows; probed, because a bounding set has to be dropped to its last bit.</summary>
    public static int Last => s_last;

    /// <summary>capget(2) of the calling thread.</summary>
    public static Errno Read(out CapabilitySet effective, out CapabilitySet permitted)
    {
        Errno errno = ThreadCapabilities.Read(out ThreadCapabilities sets);
        (effective, permitted) = (new CapabilitySet(sets.Effective), new CapabilitySet(sets.Permitted));
        return errno;
    }

    /// <summary>Nothing to drop: the three sets of the calling thread are empty, and with them the ambient one.</summary>
    public static bool AreEmpty =>
        ThreadCapabilities.Read(out ThreadCapabilities sets).IsOk && (sets.Effective | sets.Permitted | sets.Inheritable) == 0;

    /// <summary>True when the bounding set of the calling thread has <paramref name="capability"/>.</summary>
    public static bool IsBounding(int capability) =>
        SystemCall.Call(SystemCallNumber.Prctl, PR_CAPBSET_READ, capability) == 1;

    private static int ProbeLast()
    {
        int capability = 0;
        while (capability < 63 && SystemCall.Call(SystemCallNumber.Prctl, PR_CAPBSET_READ, capability + 1) >= 0)
        {
            capability++;
        }

        return capability;
    }
}
