using System.Globalization;
using ServiceHost.Linux;

namespace GrantProbe;

/// <summary>
/// A taken-over server of root's mount: uid 0 in its namespace with the seven capabilities. It tries what it should not be able to, and
/// prints one "attempt: result" line each; the tests know which results are right.
/// </summary>
internal static class Attacker
{
    internal const int ReadWrite = 3;
    internal const int ReadOnly = 4;
    internal const int ProcessFds = 5;

    private const int Kill = 62;
    private const int Ptrace = 101;
    private const int Fchmodat = 268;
    private const int Mknodat = 259;
    private const int Linkat = 265;
    private const int Renameat2 = 316;
    private const int Setresuid = 117;
    private const int Unshare = 272;
    private const int Setxattr = 188;
    private const int OpenByHandleAt = 304;
    private const int Setns = 308;
    private const int OpenTree = 428;
    private const int MountSetattr = 442;
    private const int AtEmptyPath = 0x1000;

    internal static int Run(string[] arguments)
    {
        string victim = arguments[0];
        string outside = arguments[1];
        AttackHost(outside);
        AttackProcesses(victim, arguments[2]);
        AttackTree(outside);
        AttackPrivileges();
        return 0;
    }

    private static void AttackHost(string outside)
    {
        Say("read-root-secret", RawCall.Open(RawCall.Cwd, outside + "/root-secret", OpenFlags.ReadOnly));
        Say("read-user-secret", RawCall.Open(RawCall.Cwd, outside + "/user-secret", OpenFlags.ReadOnly));
        Say("write-user-file", RawCall.Open(RawCall.Cwd, outside + "/user-readable", OpenFlags.WriteOnly));
        Say("create-beside", RawCall.Open(RawCall.Cwd, outside + "/new", OpenFlags.WriteOnly | OpenFlags.Create, 0x1A4));
        Say("chmod-user-file", RawCall.Call(Fchmodat, RawCall.Cwd, outside + "/user-readable", 0x1FF));
        Say("enter-other-mount", RawCall.Open(RawCall.Cwd, outside + "/mount", OpenFlags.Directory));
        Say("registry", RawCall.Open(RawCall.Cwd, "/run/fuservice/mounts", OpenFlags.Directory));
    }

    private static void AttackProcesses(string victim, string stageOne)
    {
        foreach ((string name, string pid) in (ReadOnlySpan<(string, string)>)[("victim", victim), ("stage-1", stageOne), ("init", "1")])
        {
            Say($"{name}-mem", RawCall.Open(RawCall.Cwd, $"/proc/{pid}/mem", OpenFlags.ReadWrite));
            Say($"{name}-environ", RawCall.Open(RawCall.Cwd, $"/proc/{pid}/environ", OpenFlags.ReadOnly));
            Say($"{name}-fds", RawCall.Open(RawCall.Cwd, $"/proc/{pid}/fd", OpenFlags.Directory));
            Say($"{name}-root", RawCall.Open(RawCall.Cwd, $"/proc/{pid}/root/", OpenFlags.Directory));
            Say($"{name}-namespace", RawCall.Open(RawCall.Cwd, $"/proc/{pid}/ns/user", OpenFlags.ReadOnly));
            Say($"{name}-ptrace", RawCall.Call(Ptrace, 16, Number(pid), 0, 0));
            Say($"{name}-kill", RawCall.Call(Kill, Number(pid), 0));
        }
    }

    private static void AttackTree(string outside)
    {
        Say("dot-dot", SameDirectory("..") && SameDirectory("../../../../..") ? "stays" : "leaves");
        Say("read-own-file", RawCall.Open(ReadWrite, "user-file", OpenFlags.ReadWrite));
        Say("link-out", RawCall.Open(ReadWrite, "link-to-secret", OpenFlags.ReadOnly));
        Say("write-read-only", RawCall.Open(ReadOnly, "user-file", OpenFlags.WriteOnly));
        long reader = RawCall.OpenNumber(ReadOnly, "user-file", OpenFlags.ReadOnly);
        Say("reopen-for-writing", RawCall.Open(ProcessFds, reader.ToString(CultureInfo.InvariantCulture), OpenFlags.WriteOnly));
        Say("create-read-only", RawCall.Open(ReadOnly, "new", OpenFlags.WriteOnly | OpenFlags.Create, 0x1A4));
        Say("link-in", RawCall.Call(Linkat, RawCall.Cwd, outside + "/user-readable", ReadWrite, "stolen", 0));
        Say("rename-out", RawCall.Call(Renameat2, ReadWrite, "user-file", RawCall.Cwd, outside + "/moved", 0));
        Say("make-device", RawCall.Call(Mknodat, ReadWrite, "disk", 0x61B0, 0x700));
        Say("open-device", RawCall.Open(ReadWrite, "device", OpenFlags.ReadOnly));
        Say("trusted-xattr", RawCall.Call(
            Setxattr, $"/proc/self/fd/{RawCall.OpenNumber(ReadWrite, "user-file", OpenFlags.ReadOnly)}", "trusted.x", "y", 1, 0));
        Say("read-outsider", RawCall.Open(ReadWrite, "outsider-file", OpenFlags.ReadOnly));
        Say("setuid-file", RawCall.Call(Fchmodat, ReadWrite, "root-file", 0x9ED));
    }

    private static void AttackPrivileges()
    {
        Say("new-user-namespace", NestedNamespace());
        Say("new-mount-namespace", RawCall.Call(Unshare, 0x20000));
        Say("host-uid", RawCall.Call(Setresuid, 70_000, 70_000, 70_000));
        Say("first-namespace", RawCall.Call(Setns, 0, 0x10000000));
        Say("clone-mount", RawCall.Call(OpenTree, ReadWrite, "", 1 | AtEmptyPath));
        Say("clone-root", RawCall.Call(OpenTree, RawCall.Cwd, "/", 1));
        byte[] clearReadOnly = [.. new byte[8], 1, .. new byte[23]];
        Say("make-writable", RawCall.Call(MountSetattr, ReadOnly, "", AtEmptyPath, clearReadOnly, 32));
        byte[] clearFlags = [.. new byte[8], 6, .. new byte[23]];
        Say("make-suid", RawCall.Call(MountSetattr, ReadWrite, "", AtEmptyPath, clearFlags, 32));
        byte[] handle = [8, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0];
        Say("open-by-handle", RawCall.Call(OpenByHandleAt, RawCall.OpenNumber(ReadWrite, ".", OpenFlags.Directory), handle, 0));
    }

    // unshare of a process with threads is EINVAL, so a forked child does it.
    private static string NestedNamespace()
    {
        Probe.Check(ChildProgram.Create(0, out ChildProgram program), "create");
        using (program)
        {
            program.UnshareUserNamespace();
            program.Announce();
            program.Pause();
            ChildFailure? failure = ForkedChild.Start(program, endsInExec: false, Probe.Soon, out ForkedChild? child);
            child?.Dispose();
            return failure is null ? "OK" : failure.Value.Errno.Name;
        }
    }

    private static bool SameDirectory(string path)
    {
        Probe.Check(Libc.Openat(
            new Fd(ReadWrite), CString.FromTerminated(CString.Allocate(path)), OpenFlags.Path, 0, out OwnedFd reached), path);
        using (reached)
        {
            Probe.Check(Libc.Statx(reached, StatxMask.BasicStats, out Statx there), "statx");
            Probe.Check(Libc.Statx(new Fd(ReadWrite), StatxMask.BasicStats, out Statx here), "statx");
            return here.Ino == there.Ino && here.DevMinor == there.DevMinor;
        }
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static void Say(string attempt, string result) => Output.Line($"{attempt}: {result}");
}
