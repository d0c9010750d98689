using System.Diagnostics;

namespace Passthrough.Tests;

/// <summary>
/// A mount as root makes it in earnest: fuservicemount, the grant, and a server in its own user namespace. Needs the published executables in
/// FUSERVICE_BIN and a /run of its own, which test.sh prepares.
/// </summary>
internal sealed class ContainedMount : IDisposable
{
    private const string Socket = "/run/fuservice/passthrough";
    private readonly TempTree _tree = new();
    private readonly Process _listener;
    private readonly string _bin;

    public ContainedMount(string options)
    {
        _bin = Environment.GetEnvironmentVariable("FUSERVICE_BIN") ?? string.Empty;
        Assert.True(
            File.Exists(System.IO.Path.Combine(_bin, "fuservicemount")), "FUSERVICE_BIN must name the published executables: run test.sh");
        Source = Directory.CreateDirectory(_tree.Of("source")).FullName;
        Path = Directory.CreateDirectory(_tree.Of("mount")).FullName;
        Directory.CreateDirectory("/run/fuservice");
        File.Delete(Socket);
        _listener = Process.Start(new ProcessStartInfo(
            "systemd-socket-activate", ["--seqpacket", "--accept", "-l", Socket, System.IO.Path.Combine(_bin, "fuservice-passthrough"), "--require=plain"])
        {
            RedirectStandardError = true,
        })!;
        _listener.ErrorDataReceived += static (_, _) => { };
        _listener.BeginErrorReadLine();
        Listening.On(1, _listener.Id);
        (int code, string output) = Shell.Run(
            System.IO.Path.Combine(_bin, "fuservicemount"), "-t", "passthrough", Source, Path, "-o", options);
        if (code != 0)
        {
            Dispose();
            Assert.Fail($"fuservicemount: {code} {output}");
        }
    }

    public string Source { get; }

    public string Path { get; }

    public void Dispose()
    {
        if (Shell.Run("umount", Path).Code != 0)
        {
            Shell.Run("umount", "-l", Path);
        }

        _listener.Kill();
        _listener.WaitForExit();
        _listener.Dispose();
        File.Delete(Socket);
        _tree.Dispose();
    }
}
