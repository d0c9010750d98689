using System.Diagnostics;

namespace Escape.Tests;

/// <summary>The probe, mounted; the listener, the victim and the mount are gone afterwards.</summary>
public class PlainMount : IDisposable
{
    private const string Address = "/run/fuservice/probe";

    private readonly EscapeFolder _folder = new();
    private readonly string _mountpoint = Directory.CreateTempSubdirectory("fuservice-escape-").FullName;
    private readonly Process _victim = Process.Start("sleep", "infinity");
    private readonly Process _listener;

    public PlainMount()
        : this("battery")
    {
    }

    protected PlainMount(string options)
    {
        _listener = Process.Start(
            "systemd-socket-activate", ["--seqpacket", "--accept", "-l", Address, Probe.Program.Path, "--require=plain"]);
        Listening.On(1, _listener.Id);
        (int code, _, string error) = Command.Run(
            Probe.Bin + "/fuservicemount", "-t", "probe", _folder.Path + "/tree", _mountpoint,
            "-o", $"{options},folder={_folder.Path},victim={_victim.Id}");
        if (code != 0)
        {
            Dispose();
            Assert.Fail(error);
        }
    }

    public IEnumerable<string> FilesOfEverybody => Directory.EnumerateFileSystemEntries(_folder.Path).Select(static path => Path.GetFileName(path)).Order();

    public string Read(string name) => File.ReadAllText($"{_mountpoint}/{name}");

    public void Dispose()
    {
        GC.SuppressFinalize(this);
        Command.Run("umount", "-i", "-l", _mountpoint);
        foreach (Process process in (Process[])[_listener, _victim])
        {
            process.Kill();
            process.WaitForExit();
            process.Dispose();
        }

        File.Delete(Address);
        Directory.Delete(_mountpoint);
        _folder.Dispose();
    }
}
