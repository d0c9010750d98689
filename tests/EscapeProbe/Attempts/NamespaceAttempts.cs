namespace EscapeProbe;

/// <summary>Namespaces and mounts: another view of the machine, made or joined.</summary>
internal static class NamespaceAttempts
{
    private const nint ChildSignal = 17;
    private const int NewNamespace = 0x20000;
    private const int NewControlGroup = 0x2000000;
    private const int NewUts = 0x4000000;
    private const int NewIpc = 0x8000000;
    private const int NewUser = 0x10000000;
    private const int NewPid = 0x20000000;
    private const int NewNetwork = 0x40000000;
    private const int NewTime = 0x80;
    private const int Detach = 2;
    private const int EmptyPath = 0x1000;
    private const int CloneTree = 1;

    public static IEnumerable<Attempt> All(Targets targets) => [.. Namespaces(targets), .. Mounts(targets)];

    private static IEnumerable<Attempt> Namespaces(Targets targets) =>
    [
        new("a user namespace of its own", X64Call.Unshare, NewUser),
        new("a child in a user namespace of its own", static () => RawCall.Fork((int)X64Call.Clone, NewUser | ChildSignal)),
        new("a mount namespace of its own", X64Call.Unshare, NewNamespace),
        new("a network of its own", X64Call.Unshare, NewNetwork),
        new("a pid namespace of its own", X64Call.Unshare, NewPid),
        new("a System V namespace of its own", X64Call.Unshare, NewIpc),
        new("a host name of its own", X64Call.Unshare, NewUts),
        new("a control group namespace of its own", X64Call.Unshare, NewControlGroup),
        new("a time namespace of its own", X64Call.Unshare, NewTime),
        new("join the namespaces of a process", () => Join(targets.Victim)),
        new("join what a descriptor is", X64Call.Setns, 0, 0),
    ];

    private static IEnumerable<Attempt> Mounts(Targets targets) =>
    [
        new("mount a tmpfs", () => Mount(targets.Folder)),
        new("bind a directory", () => Bind(targets.Folder)),
        new("remount /", X64Call.Mount, 0, "/", 0, 0x1020 | (1 << 21), 0),
        new("unmount a directory", X64Call.Umount2, targets.File, Detach),
        new("turn the root around", X64Call.PivotRoot, "/", "/"),
        new("change the root", X64Call.Chroot, "/"),
        Attempt.Making("open a filesystem", X64Call.Fsopen, "tmpfs", 1),
        Attempt.Making("pick a filesystem", X64Call.Fspick, RawCall.Cwd, "/", 1),
        new("make a mount", X64Call.Fsmount, 0, 1, 0),
        Attempt.Making("clone a mount", X64Call.OpenTree, RawCall.Cwd, "/", CloneTree),
        new("move a mount", X64Call.MoveMount, 0, "", RawCall.Cwd, targets.Folder, 4),
        new("change a mount", X64Call.MountSetattr, RawCall.Cwd, targets.Folder, 0, new byte[32], 32),
        new("change the mount of a descriptor", X64Call.MountSetattr, 0, "", EmptyPath, new byte[32], 32),
        new("list the mounts", X64Call.Listmount, new nint[] { 32, -1, 0, 0 }, new byte[80], 10, 0),
    ];

    private static string Mount(string folder)
    {
        string result = RawCall.Call((int)X64Call.Mount, "escape", folder, "tmpfs", 0, 0);
        return Unmounted(result, folder);
    }

    private static string Bind(string folder)
    {
        string result = RawCall.Call((int)X64Call.Mount, "/", folder, 0, 0x1000, 0);
        return Unmounted(result, folder);
    }

    private static string Unmounted(string result, string folder)
    {
        if (result == "OK")
        {
            RawCall.Call((int)X64Call.Umount2, folder, Detach);
        }

        return result;
    }

    private static string Join(int victim)
    {
        long held = RawCall.Number((int)X64Call.PidfdOpen, victim, 0);
        string result = RawCall.Call((int)X64Call.Setns, (int)held, NewNetwork);
        RawCall.Closed(held);
        return result;
    }
}
