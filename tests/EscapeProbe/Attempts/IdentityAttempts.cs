namespace EscapeProbe;

/// <summary>To be somebody else, and to undo what binds this process.</summary>
internal static class IdentityAttempts
{
    private const int SetDumpable = 4;
    private const int SetKeepCapabilities = 8;
    private const int SetParentDeathSignal = 1;
    private const int SetSecureBits = 28;
    private const int DropBounding = 24;
    private const int SetMemoryMap = 35;
    private const int SetSubreaper = 36;
    private const int SetNoNewPrivileges = 38;
    private const int Ambient = 47;
    private const int ClearAll = 4;
    private const int SetExecutableMemory = 65;
    private const int SetTracer = 0x59616d61;
    private const int SetSpeculation = 53;

    public static IEnumerable<Attempt> All() => [.. Identity(), .. Bonds()];

    private static IEnumerable<Attempt> Identity() =>
    [
        new("become root", X64Call.Setuid, 0),
        new("become root in all ids", X64Call.Setresuid, 0, 0, 0),
        new("become root with setreuid", X64Call.Setreuid, 0, 0),
        new("become root's group", X64Call.Setgid, 0),
        new("become root's group in all ids", X64Call.Setresgid, 0, 0, 0),
        new("join root's groups", X64Call.Setgroups, 1, new byte[4]),
        new("be root for files", static () => ForFiles(X64Call.Setfsuid)),
        new("be root's group for files", static () => ForFiles(X64Call.Setfsgid)),
        new("take capabilities", static () => TakeCapabilities()),
    ];

    private static IEnumerable<Attempt> Bonds() =>
    [
        new("take no_new_privs back", X64Call.Prctl, SetNoNewPrivileges, 0, 0, 0, 0),
        new("be dumpable", X64Call.Prctl, SetDumpable, 1, 0, 0, 0),
        new("let everybody trace it", X64Call.Prctl, SetTracer, -1, 0, 0, 0),
        new("keep capabilities", X64Call.Prctl, SetKeepCapabilities, 1, 0, 0, 0),
        new("change the secure bits", X64Call.Prctl, SetSecureBits, 0, 0, 0, 0),
        new("change the bounding set", X64Call.Prctl, DropBounding, 40, 0, 0, 0),
        new("change the ambient capabilities", X64Call.Prctl, Ambient, ClearAll, 0, 0, 0),
        new("outlive its parent", X64Call.Prctl, SetParentDeathSignal, 0, 0, 0, 0),
        new("adopt orphans", X64Call.Prctl, SetSubreaper, 0, 0, 0, 0),
        new("change its memory map", X64Call.Prctl, SetMemoryMap, 14, 0, 0, 0),
        new("allow executable memory", X64Call.Prctl, SetExecutableMemory, 0, 0, 0, 0),
        new("switch speculation", X64Call.Prctl, SetSpeculation, 0, 2, 0, 0),
        new("add a filter", static () => AddFilter()),
        new("change its personality", X64Call.Personality, 0x400000),
        new("ask for its Landlock version", X64Call.LandlockCreateRuleset, 0, 0, 1),
        new("restrict itself with Landlock", X64Call.LandlockRestrictSelf, 0, 0),
        new("set a segment register", X64Call.ArchPrctl, 0x1011, 0),
    ];

    /// <summary>setfsuid has no error: it is asked twice.</summary>
    private static string ForFiles(X64Call call)
    {
        long result = RawCall.Number((int)call, 0);
        return result < 0 ? RawCall.Say(result) : RawCall.Number((int)call, -1) == 0 ? "OK" : "EINVAL";
    }

    private static string TakeCapabilities()
    {
        byte[] header = [0x22, 5, 8, 0x20, 0, 0, 0, 0];
        byte[] sets = new byte[24];
        string result = RawCall.Call((int)X64Call.Capget, header, sets);
        if (result != "OK")
        {
            return result;
        }

        // CAP_SYS_ADMIN, effective and permitted.
        sets[2] |= 0x20;
        sets[6] |= 0x20;
        return RawCall.Call((int)X64Call.Capset, header, sets);
    }

    /// <summary>One that allows everything: filters only add up, so it would change nothing.</summary>
    private static string AddFilter()
    {
        byte[] allow = [6, 0, 0, 0, 0, 0, 0xFF, 0x7F];
        System.Runtime.InteropServices.GCHandle pin = System.Runtime.InteropServices.GCHandle.Alloc(
            allow, System.Runtime.InteropServices.GCHandleType.Pinned);
        string result = RawCall.Call((int)X64Call.Seccomp, 1, 0, new nint[] { 1, pin.AddrOfPinnedObject() });
        pin.Free();
        return result;
    }
}
