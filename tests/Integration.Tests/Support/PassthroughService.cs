using System.Diagnostics;

namespace Integration.Tests.Support;

/// <summary>
/// One listening passthrough service and an ext4 file system of its own, for one test class. Everything it made is taken down
/// again, also after a failed test: mounts first, then the listener, then the loop device and the files.
/// </summary>
public sealed class PassthroughService : IDisposable
{
    private const string OwnAddress = "/run/fuservice/passthrough";
    private const string ForeignAddress = "/run/filesystems/passthrough";

    private readonly Process _listener;

    public PassthroughService()
    {
        Bin = Environment.GetEnvironmentVariable("FUSERVICE_BIN")
            ?? throw new InvalidOperationException("FUSERVICE_BIN is not set: these tests run through test.sh.");
        Root = Directory.CreateTempSubdirectory("fuservice-it.").FullName;
        Shell.Script($"""
            chmod 0755 {Root}
            truncate -s 256M {Root}/image
            mkfs.ext4 -q -F {Root}/image
            mkdir {Root}/backing {Root}/mnt
            mount -o loop {Root}/image {Root}/backing
            """);
        Source = Root + "/backing";
        MountPoint = Root + "/mnt";
        _listener = Process.Start(
            new ProcessStartInfo(
                "systemd-socket-activate",
                ["--seqpacket", "--accept", "-l", OwnAddress, "-l", ForeignAddress, Bin + "/fuservice-passthrough", "--require=plain"])
            {
                RedirectStandardError = true,
            })!;
        _listener.ErrorDataReceived += (_, line) => Log += line.Data + "\n";
        _listener.BeginErrorReadLine();
        Listening.On(2, _listener.Id);
    }

    public string Bin { get; }

    public string Root { get; }

    public string Source { get; }

    public string MountPoint { get; }

    /// <summary>What the listener and its servers wrote to stderr.</summary>
    public string Log { get; private set; } = "";

    /// <summary>An empty directory below the backing file system.</summary>
    public string NewSource(string name) => Directory.CreateDirectory($"{Source}/{name}").FullName;

    public string NewMountPoint(string name) => Directory.CreateDirectory($"{Root}/{name}").FullName;

    internal static Outcome Mount(string source, string mountPoint, string? options = null) =>
        Shell.Run("mount", ["-t", "fuse.passthrough", .. options is null ? Array.Empty<string>() : ["-o", options], source, mountPoint]);

    internal ServerProcess MustMount(string source, string mountPoint, string? options = null)
    {
        Outcome outcome = Mount(source, mountPoint, options);
        Assert.True(outcome.ExitCode == 0, $"mount: exit {outcome.ExitCode}\n{outcome.Error}\n{Log}");
        return ServerProcess.Of(mountPoint) ?? throw new InvalidOperationException($"No server for {mountPoint}.\n{Log}");
    }

    /// <summary>Unmounts and waits for the server to leave.</summary>
    internal static void MustUnmount(string mountPoint)
    {
        ServerProcess? server = ServerProcess.Of(mountPoint);
        Shell.Must("umount", mountPoint);
        Assert.Null(MountInfo.At(mountPoint));
        Wait.For("the server to end", () => server is not { Alive: true });
    }

    public void Dispose()
    {
        foreach (MountInfo mount in MountInfo.All().Reverse().Where(m => m.MountPoint.StartsWith(Root + "/", StringComparison.Ordinal)))
        {
            Shell.Run("umount", "-i", "-l", mount.MountPoint);
        }

        _listener.Kill();
        _listener.WaitForExit();
        _listener.Dispose();
        File.Delete(OwnAddress);
        File.Delete(ForeignAddress);
        Wait.Until(() => !Shell.Run("losetup", "-j", Root + "/image").Output.Contains("/dev/", StringComparison.Ordinal), Wait.Patience);
        Directory.Delete(Root, recursive: true);
    }
}
