using System.Globalization;
using System.Text;
using MountHelper.Grants;
using ServiceHost.Linux;
using ServiceHost.MountProtocol;

namespace MountHelper.Attest;

/// <summary>
/// One process of a server, looked at through /proc: its threads, namespaces, root, descriptors, memory and limits. Nothing is asked of
/// the process itself. Landlock cannot be seen this way, nor whether it is dumpable.
/// </summary>
internal sealed class ProcessObserver(int process, HostIdRange range, MountTable host)
{
    // CHOWN, DAC_OVERRIDE, FOWNER, FSETID, SETGID, SETUID, SETFCAP: what a server may have in a namespace of its own.
    private const ulong OfDirectoryServer = 0x8000_00DB;

    private static readonly string[] s_hostPaths = ["etc/passwd", "bin/sh", "usr/share", "home", "var/lib"];

    private readonly List<Observation> _observations = [];
    private readonly string _directory = string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/");

    public string Title => ProcFile.Read(CString.Allocate(_directory + "cmdline"), out byte[] line).IsOk
        ? DisplayText.FromBytes([.. line.TakeWhile(static letter => letter != 0)])
        : "";

    public IReadOnlyList<Observation> Observe()
    {
        NamespaceIds own = NamespaceIds.ReadOwn();
        NamespaceIds its = NamespaceIds.Read(Fd.Cwd, _directory);
        bool hasOwnUsers = its.User != 0 && its.User != own.User;
        ObserveThreads(hasOwnUsers ? OfDirectoryServer : 0);
        Compare("user-namespace", range.Count > 0 ? ContainmentLevel.Plain : ContainmentLevel.Full, its.User, own.User);
        Compare("mount-namespace", ContainmentLevel.Full, its.Mount, own.Mount);
        Compare("network-namespace", ContainmentLevel.Full, its.Network, own.Network);
        Compare("ipc-namespace", ContainmentLevel.Full, its.Ipc, own.Ipc);
        Compare("uts-namespace", ContainmentLevel.Full, its.Uts, own.Uts);
        ObserveRoot();
        ObserveDescriptors();
        ObserveMemory();
        string directory = FdLink.ReadPath(_directory + "cwd");
        Add("working-directory", ContainmentLevel.Plain, directory == "/", directory);
        return _observations;
    }

    private void ObserveThreads(ulong allowed)
    {
        byte[] tasks = CString.Allocate(_directory + "task");
        Errno errno = StateDirectory.List(Fd.Cwd, CString.FromTerminated(tasks), out List<string> threads);
        Add("threads", ContainmentLevel.Plain, errno.IsOk && threads.Count > 0, errno.IsOk ? $"{threads.Count}" : errno.ToString());
        foreach (string thread in threads)
        {
            if (ProcFile.Read(CString.Allocate($"{_directory}task/{thread}/status"), out byte[] status).IsOk)
            {
                ObserveThread(status, allowed);
            }
        }
    }

    private void ObserveThread(byte[] status, ulong allowed)
    {
        string[] ids = [.. Words(status, "Uid:"), .. Words(status, "Gid:"), .. Words(status, "Groups:")];
        bool safe = ids.All(text => uint.TryParse(text, CultureInfo.InvariantCulture, out uint id) && (range.Count > 0 ? range.Contains(id) : id != 0));
        Add("ids", ContainmentLevel.Plain, safe, string.Join(' ', ids.Distinct()));
        AddSet("effective-capabilities", status, "CapEff:", allowed);
        AddSet("permitted-capabilities", status, "CapPrm:", allowed);
        AddSet("inheritable-capabilities", status, "CapInh:", 0);
        AddSet("bounding-capabilities", status, "CapBnd:", allowed);
        AddSet("ambient-capabilities", status, "CapAmb:", 0);
        string privileges = Field(status, "NoNewPrivs:");
        Add("no-new-privileges", ContainmentLevel.Plain, privileges == "1", privileges);
        string seccomp = Field(status, "Seccomp:");
        Add("seccomp", ContainmentLevel.Plain, seccomp == "2", $"mode {seccomp}");
    }

    private void ObserveRoot()
    {
        foreach (string path in s_hostPaths)
        {
            byte[] name = CString.Allocate($"{_directory}root/{path}");
            Errno errno = Libc.Statx(Fd.Cwd, CString.FromTerminated(name), AtFlags.SymlinkNoFollow, StatxMask.Type, out _);
            Add("empty-root", ContainmentLevel.Full, errno == Errno.ENOENT, errno.IsOk ? $"/{path} is there" : errno.Name);
        }

        Errno read = ProcFile.Read(CString.Allocate(_directory + "mountinfo"), out byte[] table, 16 * 1024 * 1024);
        MountTableEntry? open = MountTable.Parse(table).Find(static mount => !mount.IsReadOnly && mount.Type is not ("proc" or "sysfs" or "devtmpfs"
            or "tmpfs" or "devpts" or "cgroup2" or "mqueue" or "hugetlbfs"));
        Add("read-only-mounts", ContainmentLevel.Full, read.IsOk && open is null, read.IsError ? read.Name : open is null ? "all" : $"{open.Mountpoint} can be written");
    }

    /// <summary>A directory or file of the host's own mounts is one too many, but for the image that was granted and for the log.</summary>
    private void ObserveDescriptors()
    {
        byte[] directory = CString.Allocate(_directory + "fd");
        Errno errno = StateDirectory.List(Fd.Cwd, CString.FromTerminated(directory), out List<string> numbers);
        Add("descriptors", ContainmentLevel.Plain, errno.IsOk, errno.IsOk ? $"{numbers.Count}" : errno.Name);
        foreach (string number in numbers)
        {
            byte[] name = CString.Allocate($"{_directory}fd/{number}");
            bool isDirectory = Libc.Statx(Fd.Cwd, CString.FromTerminated(name), AtFlags.None, StatxMask.Type, out Statx stat).IsOk && stat.IsDirectory;
            if (isDirectory && ProcFile.Read(CString.Allocate($"{_directory}fdinfo/{number}"), out byte[] info).IsOk
                && ulong.TryParse(Field(info, "mnt_id:"), CultureInfo.InvariantCulture, out ulong mount) && host.Find(mount) is { Type: not "proc" } found)
            {
                Add("descriptors", ContainmentLevel.Plain, holds: false, $"{number} is a directory of the host's {found.Mountpoint}");
            }
        }
    }

    private void ObserveMemory()
    {
        Errno errno = ProcFile.Read(CString.Allocate(_directory + "maps"), out byte[] maps, 16 * 1024 * 1024);
        string? both = Encoding.Latin1.GetString(maps).Split('\n').FirstOrDefault(static line =>
            line.Split(' ') is [_, [_, 'w', 'x', ..], ..]);
        Add("write-xor-execute", ContainmentLevel.Plain, errno.IsOk && both is null, errno.IsError ? errno.Name : both ?? "no mapping has both");
        errno = ProcFile.Read(CString.Allocate(_directory + "limits"), out byte[] limits);
        foreach ((string property, string name) in ((string, string)[])
            [("core-limit", "Max core file size"), ("thread-limit", "Max processes"), ("memory-limit", "Max data size")])
        {
            string hard = Field(limits, name).Split(' ', StringSplitOptions.RemoveEmptyEntries).ElementAtOrDefault(1) ?? "";
            bool holds = errno.IsOk && (property == "core-limit" ? hard == "0" : hard is not ("" or "unlimited"));
            Add(property, ContainmentLevel.Plain, holds, hard);
        }
    }

    private void Compare(string property, ContainmentLevel level, uint its, uint own) =>
        Add(property, level, its != 0 && its != own, its == 0 ? "cannot be read" : its == own ? "this one" : "another");

    private void AddSet(string property, byte[] status, string field, ulong allowed)
    {
        string text = Field(status, field);
        bool known = ulong.TryParse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out ulong found);
        Add(property, ContainmentLevel.Plain, known && (found & ~allowed) == 0, text);
    }

    /// <summary>The first that does not hold is what counts.</summary>
    private void Add(string property, ContainmentLevel level, bool holds, string found)
    {
        int index = _observations.FindIndex(observation => observation.Property == property);
        Observation observation = new(property, level, holds, found);
        if (index < 0)
        {
            _observations.Add(observation);
        }
        else if (_observations[index].Holds)
        {
            _observations[index] = observation;
        }
    }

    private static string Field(byte[] text, string key) =>
        ProcFile.TryField(text, Encoding.ASCII.GetBytes(key), out ReadOnlySpan<byte> value) ? Encoding.ASCII.GetString(value) : "";

    private static string[] Words(byte[] text, string key) => Field(text, key).Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
}
