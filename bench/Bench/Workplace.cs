using System.Diagnostics;

namespace Bench;

/// <summary>
/// A tmpfs with the tree that all contenders serve and the place where they are mounted, and the listeners that start our servers. Everything is
/// inside the mount and pid namespace that run.sh made, so that whatever ends this process ends and unmounts the rest.
/// </summary>
internal sealed class Workplace : IDisposable
{
    private readonly List<Process> _listeners = [];
    private readonly BenchOptions _options;

    public Workplace(BenchOptions options)
    {
        _options = options;
        Root = options.Work;
        Shell.Run("mount", "-t", "tmpfs", "-o", "mode=0755,nr_inodes=0,size=90%", "bench", Root);
        Directory.CreateDirectory(Source);
        Directory.CreateDirectory(MountPoint);
        foreach (string server in new[] { "passthrough", "ext4", "keeper" })
        {
            Listen(server);
        }
    }

    /// <summary>On a tmpfs: nothing of what is measured waits for a disk.</summary>
    public string Root { get; }

    public string Source => Path.Combine(Root, "source");

    public string MountPoint => Path.Combine(Root, "mnt");

    /// <summary>A folder of this name below the source, empty.</summary>
    public string Fresh(string name)
    {
        string folder = Path.Combine(Source, name);
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        Directory.CreateDirectory(folder);
        return folder;
    }

    /// <summary>Names and inodes out of the kernel's caches, data too with <paramref name="data"/>.</summary>
    public static void DropCaches(bool data = false) => File.WriteAllText("/proc/sys/vm/drop_caches", data ? "3" : "2");

    public void Dispose()
    {
        foreach (Process listener in _listeners)
        {
            listener.Kill();
            listener.WaitForExit();
            listener.Dispose();
        }

        Shell.Run("umount", "-l", Root);
    }

    private void Listen(string type)
    {
        string program = Path.Combine(_options.Bin, "fuservice-" + type);
        string socket = "/run/fuservice/" + type;
        if (!File.Exists(program) || File.Exists(socket))
        {
            return;
        }

        string[] arguments = ["--seqpacket", "--accept", "-l", socket, program, .. type == "keeper" ? Array.Empty<string>() : ["--require=plain"]];
        Process listener = Process.Start(new ProcessStartInfo("systemd-socket-activate", arguments) { RedirectStandardError = true })!;
        listener.ErrorDataReceived += static (_, _) => { };
        listener.BeginErrorReadLine();
        _listeners.Add(listener);
        if (!SpinWait.SpinUntil(() => File.Exists(socket), TimeSpan.FromSeconds(10)))
        {
            throw new BenchException($"systemd-socket-activate does not listen on {socket}");
        }
    }
}
