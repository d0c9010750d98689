using System.Collections.Concurrent;
using System.Diagnostics;

namespace Passthrough.Tests;

/// <summary>
/// A real mount of a temporary tree by the server in developer mode: the published executable of FUSERVICE_BIN if there is one, else the one that was
/// built with the tests. Unmounted and removed at the end, whatever happened.
/// </summary>
internal sealed class PassthroughMount : IDisposable
{
    private readonly TempTree _tree = new();
    private readonly ConcurrentQueue<string> _log = new();
    private readonly Process _server;

    /// <param name="options">What follows -o.</param>
    /// <param name="descriptors">RLIMIT_NOFILE of the server; 0 leaves it.</param>
    /// <param name="mountBelowSource">The mountpoint is in the tree that is served.</param>
    public PassthroughMount(string options = "suid,dev", int descriptors = 0, bool mountBelowSource = false)
    {
        Source = Directory.CreateDirectory(_tree.Of("source")).FullName;
        Path = Directory.CreateDirectory(mountBelowSource ? Source + "/mount" : _tree.Of("mount")).FullName;
        string limit = descriptors == 0 ? string.Empty : $"ulimit -n {descriptors}; ";
        ProcessStartInfo start = new("bash", ["-c", $"{limit}exec {Program} --foreground '{Source}' '{Path}' -o {options}"])
        {
            RedirectStandardError = true,
        };
        _server = Process.Start(start)!;
        _server.ErrorDataReceived += (_, line) => Remember(line.Data);
        _server.BeginErrorReadLine();
        if (!Wait.Until(() => IsMounted || _server.HasExited, Wait.Patience) || !IsMounted)
        {
            Dispose();
            Assert.Fail($"the server did not mount: {Log}");
        }
    }

    public string Source { get; }

    public string Path { get; }

    public int ServerId => _server.Id;

    public string Log => string.Join('\n', _log);

    private static string Program
    {
        get
        {
            string published = System.IO.Path.Combine(Environment.GetEnvironmentVariable("FUSERVICE_BIN") ?? "/nowhere", "fuservice-passthrough");
            return File.Exists(published) ? published : $"dotnet {System.IO.Path.Combine(AppContext.BaseDirectory, "fuservice-passthrough.dll")}";
        }
    }

    private bool IsMounted => File.ReadAllText("/proc/self/mountinfo").Contains($" {Path} ", StringComparison.Ordinal);

    /// <summary>Ends the mount before the test does, so that the server has said its last word.</summary>
    public void Unmount()
    {
        Shell.Bash($"umount {Path}");
        Assert.True(_server.WaitForExit(Wait.Patience), "the server did not end");
        _server.WaitForExit();
    }

    public void Dispose()
    {
        if (IsMounted && Shell.Run("umount", Path).Code != 0)
        {
            Shell.Run("umount", "-l", Path);
        }

        if (!_server.WaitForExit(Wait.Patience))
        {
            _server.Kill();
            _server.WaitForExit();
        }

        _server.Dispose();
        _tree.Dispose();
    }

    private void Remember(string? line) => _log.Enqueue(line ?? string.Empty);
}
