namespace EscapeProbe;

/// <summary>Objects that have a path: other people's files, devices, what the kernel shows of itself and of other processes.</summary>
internal static class PathAttempts
{
    public static IEnumerable<Attempt> All(Targets targets) =>
        [.. Files(targets), .. Devices(), .. Kernel(), .. Processes(targets), .. WithoutOpening(targets)];

    private static IEnumerable<Attempt> Files(Targets targets) =>
    [
        Attempt.Opening("open /", "/", OpenFlags.Directory),
        Attempt.Opening("open / as a place", "/", OpenFlags.Path),
        Attempt.Opening("open ..", "..", OpenFlags.Directory),
        Attempt.Opening("open /etc/passwd", "/etc/passwd"),
        Attempt.Opening("open /etc/shadow", "/etc/shadow"),
        Attempt.Opening("open /etc/passwd for writing", "/etc/passwd", OpenFlags.WriteOnly),
        Attempt.Opening("open /root", "/root", OpenFlags.Directory),
        Attempt.Opening("open /tmp", "/tmp", OpenFlags.Directory),
        Attempt.Opening("open /run", "/run", OpenFlags.Directory),
        Attempt.Opening("open the registry", "/run/fuservice/mounts", OpenFlags.Directory),
        Attempt.Opening("open libc", "/lib/x86_64-linux-gnu/libc.so.6"),
        Attempt.Opening("open everybody's file", targets.File, OpenFlags.ReadWrite),
        new("create a file", () => Create(targets.Folder, X64Call.Openat)),
        new("open with openat2", static () => RawCall.CallForDescriptor((int)X64Call.Openat2, RawCall.Cwd, "/", new byte[24], 24)),
        new("open with open", static () => RawCall.CallForDescriptor((int)X64Call.Open, "/", 0, 0)),
        new("create a file with creat", () => Create(targets.Folder, X64Call.Creat)),
        Attempt.Making("open by handle", X64Call.OpenByHandleAt, RawCall.Cwd, RootHandle(), 0x10000),
        new("ask for a handle", X64Call.NameToHandleAt, RawCall.Cwd, "/", (byte[])[128, 0, 0, 0, .. new byte[132]], new byte[8], 0),
    ];

    private static IEnumerable<Attempt> Devices() =>
    [
        Attempt.Opening("open /dev/fuse", "/dev/fuse", OpenFlags.ReadWrite),
        Attempt.Opening("open /dev/null", "/dev/null", OpenFlags.ReadWrite),
        Attempt.Opening("open a loop device", "/dev/loop0"),
        Attempt.Opening("open the control of loop devices", "/dev/loop-control", OpenFlags.ReadWrite),
        Attempt.Opening("open a new terminal", "/dev/ptmx", OpenFlags.ReadWrite | OpenFlags.NoControllingTerminal),
        Attempt.Opening("open /dev/shm", "/dev/shm", OpenFlags.Directory),
    ];

    private static IEnumerable<Attempt> Kernel() =>
    [
        Attempt.Opening("open core_pattern", "/proc/sys/kernel/core_pattern", OpenFlags.ReadWrite),
        Attempt.Opening("open a sysctl", "/proc/sys/kernel/hostname", OpenFlags.WriteOnly),
        Attempt.Opening("open drop_caches", "/proc/sys/vm/drop_caches", OpenFlags.WriteOnly),
        Attempt.Opening("open /proc/kallsyms", "/proc/kallsyms"),
        Attempt.Opening("open /sys", "/sys", OpenFlags.Directory),
        Attempt.Opening("open the control groups", "/sys/fs/cgroup", OpenFlags.Directory),
        Attempt.Opening("open fusectl", "/sys/fs/fuse/connections", OpenFlags.Directory),
    ];

    private static IEnumerable<Attempt> Processes(Targets targets) =>
    [
        Attempt.Opening("open /proc", "/proc", OpenFlags.Directory),
        Attempt.Opening("open its own memory", "/proc/self/mem", OpenFlags.ReadWrite),
        Attempt.Opening("open its own descriptors", "/proc/self/fd", OpenFlags.Directory),
        Attempt.Opening("open its own program", "/proc/self/exe"),
        Attempt.Opening("open init's environment", "/proc/1/environ"),
        Attempt.Opening("open init's memory", "/proc/1/mem", OpenFlags.ReadWrite),
        Attempt.Opening("open init's root", "/proc/1/root/", OpenFlags.Directory),
        Attempt.Opening("open init's mount namespace", "/proc/1/ns/mnt"),
        Attempt.Opening("open a process' memory", $"/proc/{targets.VictimText}/mem", OpenFlags.ReadWrite),
        Attempt.Opening("open a process' descriptors", $"/proc/{targets.VictimText}/fd", OpenFlags.Directory),
        Attempt.Opening("open a process' user namespace", $"/proc/{targets.VictimText}/ns/user"),
        Attempt.Opening("open a process' command line", $"/proc/{targets.VictimText}/cmdline"),
    ];

    /// <summary>Paths that are only asked about, or gone to.</summary>
    private static IEnumerable<Attempt> WithoutOpening(Targets targets) =>
    [
        new("look at /etc/shadow", X64Call.Newfstatat, RawCall.Cwd, "/etc/shadow", new byte[256], 0),
        new("look at everybody's file", X64Call.Statx, RawCall.Cwd, targets.File, 0, 0x7FF, new byte[256]),
        new("read a link of init", X64Call.Readlinkat, RawCall.Cwd, "/proc/1/exe", new byte[4096], 4096),
        new("ask whether /etc/shadow may be read", X64Call.Faccessat, RawCall.Cwd, "/etc/shadow", 4),
        new("ask whether /etc/shadow may be written", X64Call.Faccessat, RawCall.Cwd, "/etc/shadow", 2),
        new("go to /", X64Call.Chdir, "/"),
        new("measure /", X64Call.Statfs, "/", new byte[256]),
        new("watch files with inotify", static () => RawCall.CallForDescriptor((int)X64Call.InotifyInit1, 0)),
        new("watch files with fanotify", static () => RawCall.CallForDescriptor((int)X64Call.FanotifyInit, 0x200, 0)),
        new("read attributes of a file", X64Call.Getxattr, targets.File, "user.kept", new byte[8], 8),
    ];

    private static string Create(string folder, X64Call call)
    {
        string path = folder + "/new";
        string result = call == X64Call.Creat
            ? RawCall.CallForDescriptor((int)call, path, 0x1B6)
            : RawCall.Open(RawCall.Cwd, path, OpenFlags.WriteOnly | OpenFlags.Create, 0x1B6);
        if (result == "OK")
        {
            RawCall.Call((int)X64Call.Unlinkat, RawCall.Cwd, path, 0);
        }

        return result;
    }

    /// <summary>An inode number that every filesystem has, in the form that most understand.</summary>
    private static byte[] RootHandle() => [8, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0];
}
