using System.Runtime.InteropServices;

namespace ServiceHost.Linux;

/// <summary>
/// A Landlock ruleset that handles every right the running kernel knows: what no rule allows is refused. It is made where paths and
/// descriptors still lead somewhere, and enforced by a forked child (<see cref="ChildProgram.EnforceLandlock"/>), because a domain
/// belongs to one thread.
/// </summary>
public sealed unsafe class LandlockRuleset : IDisposable
{
    private const int LANDLOCK_CREATE_RULESET_VERSION = 1;
    private const int LANDLOCK_RULE_PATH_BENEATH = 1;

    // Bits per ABI, index 0 is ABI 1. A kernel with a later ABI knows at least these.
    private static readonly int[] s_fileRights = [13, 14, 15, 15, 16];
    private static readonly int[] s_networkRights = [0, 0, 0, 2];
    private static readonly int[] s_scopes = [0, 0, 0, 0, 0, 2];

    private readonly LandlockAccess _handled;

    private LandlockRuleset(OwnedFd handle, LandlockAccess handled) => (Handle, _handled) = (handle, handled);

    public OwnedFd Handle { get; }

    /// <summary>The ABI of the running kernel. ENOSYS: not built in; EOPNOTSUPP: switched off at boot.</summary>
    public static Errno Probe(out int abi)
    {
        abi = (int)SystemCall.Call(SystemCallNumber.LandlockCreateRuleset, 0, 0, LANDLOCK_CREATE_RULESET_VERSION);
        return Errno.Of(abi);
    }

    /// <summary>An empty ruleset: as it is, nothing can be opened at all.</summary>
    public static Errno Create(out LandlockRuleset? ruleset)
    {
        ruleset = null;
        Errno errno = Probe(out int abi);
        if (errno.IsError)
        {
            return errno;
        }

        Attributes attributes = AttributesOf(abi);
        int number = (int)SystemCall.Call(SystemCallNumber.LandlockCreateRuleset, (nint)(&attributes), SizeOf(abi), 0);
        errno = Errno.Of(number);
        ruleset = errno.IsOk ? new LandlockRuleset(OwnedFd.Take(number), (LandlockAccess)attributes.Files) : null;
        return errno;
    }

    /// <summary>
    /// Allows <paramref name="rights"/> on a file, or on everything below a directory. O_PATH descriptors will do. Rights that this
    /// kernel does not handle cannot be refused and need no rule.
    /// </summary>
    public Errno Allow(Fd beneath, LandlockAccess rights)
    {
        Errno errno = Libc.Statx(beneath, StatxMask.Type, out Statx stat);
        if (errno.IsError)
        {
            return errno;
        }

        Rule rule = new()
        {
            Allowed = (ulong)(rights & _handled & (stat.IsDirectory ? _handled : LandlockAccess.OfFile)),
            Parent = beneath.Number,
        };
        return Errno.Of(SystemCall.Call(SystemCallNumber.LandlockAddRule, Handle.Number, LANDLOCK_RULE_PATH_BENEATH, (nint)(&rule), 0));
    }

    public void Dispose() => Handle.Dispose();

    /// <summary>What is handled under an ABI: files, TCP, and what crosses the domain's border (abstract sockets, signals).</summary>
    internal static (ulong Files, ulong Network, ulong Scopes) HandledBy(int abi) =>
        (Bits(s_fileRights, abi), Bits(s_networkRights, abi), Bits(s_scopes, abi));

    private static Attributes AttributesOf(int abi)
    {
        (ulong files, ulong network, ulong scopes) = HandledBy(abi);
        return new Attributes { Files = files, Network = network, Scopes = scopes };
    }

    private static ulong Bits(int[] byAbi, int abi) => (1UL << byAbi[Math.Min(abi, byAbi.Length) - 1]) - 1;

    // An older kernel takes a longer structure when the rest is zero, so the size only has to be one that it knows.
    private static int SizeOf(int abi) => abi < 4 ? sizeof(ulong) : abi < 6 ? 2 * sizeof(ulong) : sizeof(Attributes);

    [StructLayout(LayoutKind.Sequential)]
    private struct Attributes
    {
        public ulong Files;
        public ulong Network;
        public ulong Scopes;
    }

    // Packed in the kernel's header.
    [StructLayout(LayoutKind.Sequential, Pack = 1)]
    private struct Rule
    {
        public ulong Allowed;
        public int Parent;
    }
}
