namespace ServiceHost.Linux;

/// <summary>What holds one thread down, as the kernel tells that thread itself: most of it cannot be asked about another.</summary>
public sealed record ThreadRestrictions
{
    private const int PR_GET_SECCOMP = 21;
    private const int PR_CAPBSET_READ = 23;
    private const int PR_GET_SECUREBITS = 27;
    private const int PR_GET_NO_NEW_PRIVS = 39;
    private const int PR_CAP_AMBIENT = 47;
    private const int PR_CAP_AMBIENT_IS_SET = 1;

    public required int ThreadId { get; init; }

    public required CapabilitySet Effective { get; init; }

    public required CapabilitySet Permitted { get; init; }

    public required CapabilitySet Inheritable { get; init; }

    public required CapabilitySet Bounding { get; init; }

    public required CapabilitySet Ambient { get; init; }

    public required SecureBits SecureBits { get; init; }

    public required bool NoNewPrivileges { get; init; }

    /// <summary>0 no seccomp, 1 strict, 2 filter.</summary>
    public required int SeccompMode { get; init; }

    /// <summary>Reads the calling thread; what cannot be read counts as the worse answer.</summary>
    public static ThreadRestrictions ReadOwn()
    {
        bool known = ThreadCapabilities.Read(out ThreadCapabilities capabilities).IsOk;
        return new ThreadRestrictions
        {
            ThreadId = (int)SystemCall.Call(SystemCallNumber.Gettid),
            Effective = new CapabilitySet(known ? capabilities.Effective : ulong.MaxValue),
            Permitted = new CapabilitySet(known ? capabilities.Permitted : ulong.MaxValue),
            Inheritable = new CapabilitySet(known ? capabilities.Inheritable : ulong.MaxValue),
            Bounding = AskEach(PR_CAPBSET_READ, 0),
            Ambient = AskEach(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET),
            SecureBits = (SecureBits)Math.Max(0, Ask(PR_GET_SECUREBITS)),
            NoNewPrivileges = Ask(PR_GET_NO_NEW_PRIVS) == 1,
            SeccompMode = (int)Math.Max(0, Ask(PR_GET_SECCOMP)),
        };
    }

    private static CapabilitySet AskEach(int option, int operation)
    {
        ulong bits = 0;
        for (int capability = 0; capability <= ProcessCapabilities.Last; capability++)
        {
            long answer = operation == 0 ? Ask(option, capability) : Ask(option, operation, capability);
            bits |= answer == 0 ? 0 : 1UL << capability;
        }

        return new CapabilitySet(bits);
    }

    private static long Ask(int option, int first = 0, int second = 0) =>
        SystemCall.Call(SystemCallNumber.Prctl, option, first, second);
}
