using System.Diagnostics;
using System.Text;

namespace Ext4.Corpus.Tests;

/// <summary>A socket that starts fuservice-ext4 for every mount, as a unit would; all of it is gone with the test.</summary>
internal sealed class Ext4Listener : IDisposable
{
    private const string Address = "/run/fuservice/ext4";
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

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
        WaitFor(() => File.Exists(Address), "the listener");
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
                Tool.Run("umount", path);
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

    private void WaitFor(Func<bool> condition, string what)
    {
        var time = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(time.Elapsed < s_patience, $"{what} did not come: {Log}");
            Thread.Sleep(20);
        }
    }
}
