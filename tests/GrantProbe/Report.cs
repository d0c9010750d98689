using System.Globalization;
using ServiceHost.Linux;

namespace GrantProbe;

/// <summary>What a process can see of itself, as "key: value" lines; one value per thread where threads can differ.</summary>
internal static class Report
{
    private static readonly string[] s_fields =
    [
        "Uid", "Gid", "Groups", "CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb", "NoNewPrivs", "SigBlk", "SigIgn", "Seccomp",
    ];

    internal static int Run()
    {
        foreach (string field in s_fields)
        {
            Output.Line($"{field}: {ThreadField(field)}");
        }

        Output.Line($"threads: {Directory.GetDirectories("/proc/self/task").Length}");
        Output.Line($"uid_map: {Collapse(File.ReadAllText("/proc/self/uid_map"))}");
        Output.Line($"gid_map: {Collapse(File.ReadAllText("/proc/self/gid_map"))}");
        Output.Line($"fds: {string.Join(' ', Descriptors())}");
        Output.Line($"fd7-is-own: {(Directory.Exists($"/proc/self/fd/7/7") ? "yes" : "no")}");
        Output.Line($"cwd: {new FileInfo("/proc/self/cwd").LinkTarget}");
        Output.Line($"argv: {Collapse(File.ReadAllText("/proc/self/cmdline").TrimEnd('\0').Replace('\0', ' '))}");
        Output.Line($"environ: {File.ReadAllText("/proc/self/environ").TrimEnd('\0').Replace('\0', ' ')}");
        Output.Line($"session: {(SessionLeader() ? "own" : "the parent's")}");
        Output.Line($"files: {LimitLine("Max open files")}");
        Output.Line($"core: {LimitLine("Max core file size")}");
        Output.Line($"reopen: {Reopen(dumpable: true)} {Reopen(dumpable: false)}");
        return 0;
    }

    /// <summary>The distinct values of a status line over all threads, joined by " | ".</summary>
    internal static string ThreadField(string field) => string.Join(
        " | ",
        Directory.GetDirectories("/proc/self/task")
            .Select(task => File.ReadLines(task + "/status").First(l => l.StartsWith(field + ":", StringComparison.Ordinal)))
            .Select(line => Collapse(line[(field.Length + 1)..]))
            .Distinct());

    // The enumeration's own descriptor is gone when its link is read.
    private static IEnumerable<string> Descriptors() => Directory.GetFileSystemEntries("/proc/self/fd")
        .Select(static path => (Number: int.Parse(Path.GetFileName(path), CultureInfo.InvariantCulture), Info: new FileInfo(path)))
        .Where(static fd => fd.Info.LinkTarget is not null)
        .OrderBy(static fd => fd.Number)
        .Select(static fd => $"{fd.Number}={Kind(fd.Info.LinkTarget!)}");

    private static string Kind(string target) =>
        target.StartsWith("pipe:", StringComparison.Ordinal) ? "pipe"
        : target.EndsWith("/fd", StringComparison.Ordinal) ? "procfd"
        : target.StartsWith("socket:", StringComparison.Ordinal) ? "socket"
        : target;

    /// <summary>A server reaches its O_PATH nodes through the descriptor of /proc/self/fd; not being dumpable must not end that.</summary>
    private static string Reopen(bool dumpable)
    {
        if (!dumpable)
        {
            Probe.Check(Libc.ForbidDump(), "prctl");
        }

        Probe.Check(Libc.Openat(Fd.Cwd, CString.FromTerminated("/\0"u8), OpenFlags.Path, 0, out OwnedFd root), "open /");
        using (root)
        {
            CString name = CString.FromTerminated(CString.Allocate(root.Number.ToString(CultureInfo.InvariantCulture)));
            Errno errno = Libc.Openat(new Fd(7), name, OpenFlags.Directory, 0, out OwnedFd opened);
            opened.Dispose();
            return errno.Name;
        }
    }

    private static bool SessionLeader()
    {
        string stat = File.ReadAllText("/proc/self/stat");
        string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return fields[3] == Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
    }

    private static string LimitLine(string name) => Collapse(
        File.ReadLines("/proc/self/limits").First(l => l.StartsWith(name, StringComparison.Ordinal))[name.Length..]);

    private static string Collapse(string text) =>
        string.Join(' ', text.Split([' ', '\t', '\n'], StringSplitOptions.RemoveEmptyEntries));
}
