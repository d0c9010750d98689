using System.Diagnostics;
using System.Globalization;
using ServiceHost.Linux;

namespace Keeper.Tests;

/// <summary>Starts a keeper for each connection, as its socket unit does, and collects what they log.</summary>
internal sealed class KeeperListener : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("keeper-").FullName;
    private readonly Process _process;

    public KeeperListener()
    {
        Address = _folder + "/socket";
        _process = Process.Start(
            "/bin/sh", ["-c", $"exec systemd-socket-activate --seqpacket --accept -l {Address} {KeeperProgram.Path} 2>{_folder}/log"]);
    }

    public string Address { get; }

    /// <summary>What keepers have said; the listener's own lines are in between.</summary>
    public string Log
    {
        get
        {
            using FileStream stream = new(_folder + "/log", FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using StreamReader reader = new(stream);
            return reader.ReadToEnd();
        }
    }

    public SeqpacketSocket Connect()
    {
        // The socket file is there a moment before somebody listens.
        SeqpacketSocket? socket = null;
        Wait.For("the listener", () => SeqpacketSocket.Connect(
            CString.FromTerminated(CString.Allocate(Address)), SeqpacketOptions.None, Deadline.In(TimeSpan.FromSeconds(20)), out socket).IsOk);
        return socket!;
    }

    /// <summary>The keepers that run now: processes of the program that this listener is the parent of.</summary>
    public IReadOnlyList<int> Keepers() => [.. Directory.GetDirectories("/proc")
        .Select(static folder => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out int pid) ? pid : 0)
        .Where(pid => pid > 0 && Field(pid, "Name:") == "fuservice-keepe" && Field(pid, "PPid:") == $"{_process.Id}" && !Field(pid, "State:").StartsWith('Z'))];

    public static string Field(int pid, string name) => Field($"/proc/{pid}/status", name);

    public static string Field(string path, string name)
    {
        try
        {
            return File.ReadLines(path).FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal))?[name.Length..].Trim() ?? "";
        }
        catch (IOException)
        {
            // It has ended meanwhile.
            return "";
        }
    }

    public void Dispose()
    {
        // It leaves when its children are gone; they are, when every channel is closed.
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
