using System.Diagnostics;
using ServiceHost.Linux;

namespace Grants.Tests;

/// <summary>A directory of its own for one test, with the mounts the test makes below it; all gone afterwards.</summary>
internal sealed class Scratch : IDisposable
{
    private readonly List<string> _mounts = [];

    internal string Path { get; } = Directory.CreateTempSubdirectory("fuservice-grants-").FullName;

    internal string Folder(string name)
    {
        string path = System.IO.Path.Combine(Path, name);
        Directory.CreateDirectory(path);
        return path;
    }

    /// <summary>mount(8) on a new folder of that name.</summary>
    internal string Mount(string name, params string[] arguments)
    {
        string path = Folder(name);
        Run("mount", [.. arguments, path]);
        _mounts.Add(path);
        return path;
    }

    /// <summary>Forgets a mount that the test took away itself, or adds one it made by other means.</summary>
    internal void Track(string path) => _mounts.Add(path);

    internal static string Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        string output = process.StandardOutput.ReadToEnd();
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: {output}{error}");
        return output;
    }

    internal static OwnedFd Pin(string path)
    {
        Assert.Equal(
            Errno.None,
            Libc.Openat(
                Fd.Cwd, CString.FromTerminated(CString.Allocate(path)), OpenFlags.Path | OpenFlags.NoFollow, 0, out OwnedFd pinned));
        return pinned;
    }

    public void Dispose()
    {
        foreach (string mount in _mounts.AsEnumerable().Reverse())
        {
            Libc.Umount2(CString.FromTerminated(CString.Allocate(mount)), UnmountFlags.Detach | UnmountFlags.NoFollow);
        }

        // Deleting goes into whatever is still mounted.
        Assert.DoesNotContain(File.ReadLines("/proc/self/mountinfo"), line => line.Contains(Path, StringComparison.Ordinal));
        Directory.Delete(Path, recursive: true);
    }
}
