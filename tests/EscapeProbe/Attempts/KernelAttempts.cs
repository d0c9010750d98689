namespace EscapeProbe;

/// <summary>Doors into the kernel that a filesystem server has no business with.</summary>
internal static class KernelAttempts
{
    private const uint RebootMagic = 0xFEE1DEAD;
    private const int RebootMagic2 = 672274793;
    private const int InjectInput = 0x5412;
    private const uint CloneFuseDevice = 0x8004_E500;
    private const int Realtime = 0;

    public static IEnumerable<Attempt> All() => [.. Subsystems(), .. Administration(), .. Devices()];

    private static IEnumerable<Attempt> Subsystems() =>
    [
        Attempt.Making("load a map of BPF", X64Call.Bpf, 0, MapOfBpf(), 72),
        Attempt.Making("watch performance", X64Call.PerfEventOpen, PerformanceEvent(), 0, -1, -1, 0),
        new("ask for its keyring", X64Call.Keyctl, 0, -3, 0),
        new("add a key", X64Call.AddKey, "user", "fuservice-escape", "x", 1, -1),
        new("request a key", X64Call.RequestKey, "user", "fuservice-escape", 0, 0),
        Attempt.Making("set up an io_uring", X64Call.IoUringSetup, 1, new byte[120]),
        new("enter an io_uring", X64Call.IoUringEnter, 0, 0, 0, 0, 0, 0),
        new("register with an io_uring", X64Call.IoUringRegister, 0, 0, 0, 0),
        new("set up asynchronous I/O", static () => SetUpAio()),
        Attempt.Making("take signals as a file", X64Call.Signalfd4, -1, new byte[8], 8, 0),
        Attempt.Making("make a timer", X64Call.TimerfdCreate, 1, 0),
        new("make a pipe", static () => DescriptorPair.Make(X64Call.Pipe2, static pair => [pair, 0])),
        new("send a file", X64Call.Sendfile, 1, 0, 0, 0),
        new("splice", X64Call.Splice, 0, 0, 1, 0, 0, 0),
        new("list security modules", X64Call.LsmListModules, new byte[64], new byte[] { 64, 0, 0, 0 }, 0),
    ];

    /// <summary>With arguments that change nothing: a clock set to what it shows, names that are there, devices and files that are not.</summary>
    private static IEnumerable<Attempt> Administration() =>
    [
        new("load a module", X64Call.InitModule, 0, 0, ""),
        new("load a module from a file", X64Call.FinitModule, 0, "", 0),
        new("remove a module", X64Call.DeleteModule, "fuservice-escape", 0),
        new("load another kernel", X64Call.KexecLoad, 0, 17, 0, 0),
        new("reboot", X64Call.Reboot, RebootMagic, RebootMagic2, 0, 0),
        new("set the clock", static () => SetClock()),
        new("adjust the clock", X64Call.Adjtimex, new byte[208]),
        new("set the time of day", X64Call.Settimeofday, 0, new byte[8]),
        new("read the kernel's log", X64Call.Syslog, 10, 0, 0),
        new("set the host's name", static () => SetName()),
        new("switch swapping on", X64Call.Swapon, "/fuservice-escape", 0),
        new("switch swapping off", X64Call.Swapoff, "/fuservice-escape"),
        new("switch accounting on", X64Call.Acct, "/fuservice-escape"),
        new("ask for quotas", X64Call.Quotactl, 0x800002 << 8, "/fuservice-escape", 0, 0),
        new("know the filesystems", X64Call.Sysfs, 3, 0, 0),
    ];

    private static IEnumerable<Attempt> Devices() =>
    [
        new("type into a terminal", X64Call.Ioctl, 0, InjectInput, new byte[] { 10 }),
        new("clone a FUSE device", X64Call.Ioctl, 0, CloneFuseDevice, new byte[4]),
        new("hang the terminal up", X64Call.Ioctl, 0, 0x5437, 0),
    ];

    private static byte[] MapOfBpf() => [2, 0, 0, 0, 4, 0, 0, 0, 4, 0, 0, 0, 1, 0, 0, 0, .. new byte[56]];

    // struct perf_event_attr: type software, size 64, config page faults, disabled and without the kernel.
    private static byte[] PerformanceEvent() => [1, 0, 0, 0, 64, 0, 0, 0, 2, .. new byte[31], 0x61, .. new byte[23]];

    private static string SetUpAio()
    {
        nint[] context = new nint[1];
        string result = RawCall.Call((int)X64Call.IoSetup, 1, context);
        if (result == "OK")
        {
            RawCall.Call((int)X64Call.IoDestroy, context[0]);
        }

        return result;
    }

    private static string SetClock()
    {
        nint[] now = new nint[2];
        RawCall.Call((int)X64Call.ClockGettime, Realtime, now);
        return RawCall.Call((int)X64Call.ClockSettime, Realtime, now);
    }

    private static string SetName()
    {
        byte[] names = new byte[6 * 65];
        RawCall.Call((int)X64Call.Uname, names);
        byte[] name = names[65..130];
        return RawCall.Call((int)X64Call.Sethostname, name, Array.IndexOf(name, (byte)0));
    }
}
