using System.Diagnostics;
using System.Text;

namespace Ext4.Corpus.Tests;

/// <summary>A socket that starts fuservice-ext4 for every mount, as a unit would; all of it is gone with the test.</summary>
internal sealed class Ext4Listener : IDisposable
{
    /// <summary>Of the tests that listen: there is one address, so they take turns.</summary>
    public const string Collection = "the address of ext4";

    private const string Address = "/run/fuservice/ext4";

    private readonly Process _listener;
    private readonly StringBuilder _log = new();

    public Ext4Listener()
    {
        string bin = Environment.GetEnvironmentVariable("FUSERVICE_BIN")
            ?? throw new InvalidOperationException("FUSERVICE_BIN is not set: these tests run through test.sh.");
        _listener = Process.Start(new ProcessStartInfo(
            "systemd-socket-activate", ["--seqpacket", "--accept", "-l", Address, bin + "/fuservice-ext4", "--require=plain"])
        {
            RedirectStandardError = true,
        })!;
        _listener.ErrorDataReceived += (_, line) => Keep(line.Data);
        _listener.BeginErrorReadLine();
        Listening.On(1, _listener.Id);
    }

    /// <summary>What the listener and its servers wrote to stderr.</summary>
    public string Log
    {
        get
        {
            lock (_log) return _log.ToString();
        }
    }

    /// <summary>Mounts, looks, unmounts; null when the mount was refused, with what mount(8) said.</summary>
    public static T? With<T>(string image, string options, Func<string, T> look, out string said)
        where T : class
    {
        string path = Directory.CreateTempSubdirectory("ext4-ours-").FullName;
        try
        {
            (int code, said) = Tool.RunAny("mount", "-t", "fuse.ext4", "-o", "ro," + options, image, path);
            if (code != 0) return null;
            try
            {
                return look(path);
            }
            finally
            {
                Tool.Unmount(path);
            }
        }
        finally
        {
            Directory.Delete(path);
        }
    }

    public void Dispose()
    {
        _listener.Kill();
        _listener.WaitForExit();
        _listener.Dispose();
        File.Delete(Address);
    }

    private void Keep(string? line)
    {
        lock (_log) _log.AppendLine(line);
    }
}
