using System.Globalization;

namespace Integration.Tests.Support;

/// <summary>A running stage-2 server, seen from outside through /proc.</summary>
internal sealed class ServerProcess(int pid)
{
    public int Pid { get; } = pid;

    public string Title => ReadTitle(Pid);

    public bool Alive
    {
        get
        {
            try
            {
                return State != "Z";
            }
            catch (Exception gone) when (gone is IOException or InvalidOperationException)
            {
                // No such file, or a file that has become empty while it was read.
                return false;
            }
        }
    }

    public string State => Field("State")[..1];

    public uint Uid => uint.Parse(Field("Uid").Split('\t')[0], CultureInfo.InvariantCulture);

    public string UserNamespace => new FileInfo($"/proc/{Pid}/ns/user").LinkTarget!;

    public (uint Inside, uint Outside, uint Count)[] UidMap =>
        [.. File.ReadLines($"/proc/{Pid}/uid_map").Select(line =>
        {
            uint[] n = [.. line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(f => uint.Parse(f, CultureInfo.InvariantCulture))];
            return (n[0], n[1], n[2]);
        })];

    public static ServerProcess? Of(string mountPoint) =>
        All("fuservice-").FirstOrDefault(server => server.Title.Contains($" on {mountPoint}", StringComparison.Ordinal));

    /// <summary>Those whose title begins like this. One that has ended has none.</summary>
    public static IEnumerable<ServerProcess> All(string title) =>
        ProcessIds().Where(pid => ReadTitle(pid).StartsWith(title, StringComparison.Ordinal)).Select(static pid => new ServerProcess(pid));

    /// <summary>A field of /proc/PID/status.</summary>
    public string Field(string name) => Field($"/proc/{Pid}/status", name);

    /// <summary>The same field of every thread: rights are per thread in Linux.</summary>
    public string[] FieldOfEveryThread(string name) =>
        [.. Directory.EnumerateDirectories($"/proc/{Pid}/task").Select(task => Field($"{task}/status", name))];

    private static string Field(string file, string name) =>
        File.ReadLines(file).First(line => line.StartsWith(name + ":", StringComparison.Ordinal))[(name.Length + 1)..].Trim();

    private static IEnumerable<int> ProcessIds() =>
        Directory.EnumerateDirectories("/proc").Select(Path.GetFileName)
            .Where(name => int.TryParse(name, out _)).Select(name => int.Parse(name!, CultureInfo.InvariantCulture));

    private static string ReadTitle(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/cmdline").TrimEnd('\0').Replace('\0', ' ');
        }
        catch (IOException)
        {
            // The process ended between the listing and the read.
            return "";
        }
    }
}
