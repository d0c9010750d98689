using System.Diagnostics;
using System.Globalization;

namespace MountHelper.Tests;

/// <summary>
/// A mount namespace of its own for one case, held by a sleeping process, with /run/fuservice, /run/filesystems and /run/mount replaced
/// by folders of a temporary directory. Sockets bound in those folders from outside are what the helper finds inside.
/// </summary>
internal sealed class MountSandbox : IDisposable
{
    private readonly Process _holder;

    public MountSandbox()
    {
        Folder = Directory.CreateTempSubdirectory("mh-").FullName;
        foreach (string name in new[] { "own", "v1", "mtab", "mnt", "src" })
        {
            Directory.CreateDirectory(In(name));
        }

        File.SetUnixFileMode(In("own"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.WriteAllText(In("img"), new string('i', 4096));
        File.WriteAllText(In("other"), new string('o', 4096));
        File.WriteAllText(In("src/file"), "from the source");
        Directory.CreateDirectory("/run/fuservice");
        Directory.CreateDirectory("/run/filesystems");
        Directory.CreateDirectory("/run/mount");
        _holder = StartHolder();
        MountsBefore = Mounts();
    }

    public string Folder { get; }

    public string Source => In("img");

    public string Mountpoint => In("mnt");

    public int HolderPid => _holder.Id;

    public IReadOnlyList<string> MountsBefore { get; }

    public string In(string name) => Path.Combine(Folder, name);

    /// <summary>The socket of a type as the test binds it and as the helper finds it.</summary>
    public string Socket(bool own, string type) => In(own ? $"own/{type}" : $"v1/{type}");

    public IReadOnlyList<string> Mounts() => File.ReadAllLines($"/proc/{_holder.Id}/mountinfo");

    public IReadOnlyList<string> NewMounts() => [.. Mounts().Except(MountsBefore)];

    /// <summary>Entries that a mount, or an attempt, has left in the registry.</summary>
    public IReadOnlyList<string> RegistryEntries() => Directory.Exists(In("own/mounts"))
        ? [.. Directory.GetFiles(In("own/mounts")).Select(Path.GetFileName).Where(static name => char.IsAsciiDigit(name![0]))!]
        : [];

    /// <summary>What somebody in the namespace sees at the mountpoint.</summary>
    public string[] List(string path) => Directory.GetFileSystemEntries($"/proc/{_holder.Id}/root{path}");

    public HelperRun Start(params string[] arguments) => HelperRun.Start(this, [HelperBinary.Path, .. arguments]);

    /// <summary>Runs something else inside: to prepare a case or to clean it up.</summary>
    public HelperRun Shell(string script) => HelperRun.Start(this, ["/bin/sh", "-c", script]);

    public void Dispose()
    {
        _holder.Kill();
        _holder.WaitForExit();
        _holder.Dispose();

        // Not Directory.Delete: it cannot name a file whose name is no UTF-8.
        using Process remove = Process.Start("rm", ["-rf", "--", Folder]);
        remove.WaitForExit();
    }

    private Process StartHolder()
    {
        string binds = string.Create(CultureInfo.InvariantCulture,
            $"mount --bind {In("own")} /run/fuservice && mount --bind {In("v1")} /run/filesystems && mount --bind {In("mtab")} /run/mount");
        Process holder = Process.Start(new ProcessStartInfo("unshare")
        {
            ArgumentList = { "--mount", "--propagation", "private", "/bin/sh", "-c", $"{binds} && echo ready && exec sleep infinity" },
            RedirectStandardOutput = true,
        })!;
        Assert.Equal("ready", holder.StandardOutput.ReadLine());
        return holder;
    }
}
