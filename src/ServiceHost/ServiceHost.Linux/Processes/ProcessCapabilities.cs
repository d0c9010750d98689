namespace ServiceHost.Linux;

/// <summary>What the calling thread may do, as the kernel tells.</summary>
public static unsafe class ProcessCapabilities
{
    private const int PR_CAPBSET_READ = 23;
    private const uint LINUX_CAPABILITY_VERSION_3 = 0x20080522;

    private static readonly int s_last = ProbeLast();

    /// <summary>The highest capability this kernel knows; probed, because a bounding set has to be dropped to its last bit.</summary>
    public static int Last => s_last;

    /// <summary>capget(2) of the calling thread.</summary>
    public static Errno Read(out CapabilitySet effective, out CapabilitySet permitted)
    {
        uint* header = stackalloc uint[2] { LINUX_CAPABILITY_VERSION_3, 0 };
        uint* data = stackalloc uint[6];
        Errno errno = Errno.Of(SystemCall.Call(SystemCallNumber.Capget, (nint)header, (nint)data));
        effective = new CapabilitySet(data[0] | ((ulong)data[3] << 32));
        permitted = new CapabilitySet(data[1] | ((ulong)data[4] << 32));
        return errno;
    }

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
