using System.Diagnostics;
using System.Text;

namespace ServiceHost.Tests.Processes;

/// <summary>
/// The published passthrough service behind systemd-socket-activate, on both addresses, with what it wrote. Runs in the mount
/// namespace that test.sh makes.
/// </summary>
internal sealed class ServiceListener : IDisposable
{
    public const string OwnAddress = "/run/fuservice/passthrough";
    public const string V1Address = "/run/filesystems/passthrough";

    private readonly Process _process;
    private readonly StringBuilder _log = new();

    public ServiceListener(params string[] environment)
        : this([Server, "--require=plain"], environment)
    {
    }

    public ServiceListener(string[] program, string[] environment)
    {
        _process = Process.Start(new ProcessStartInfo(
            "systemd-socket-activate",
            [
                "--seqpacket", "--accept", "-l", OwnAddress, "-l", V1Address,
                .. environment.SelectMany(static variable => (string[])["-E", variable]), .. program,
            ])
        {
            RedirectStandardError = true,
        })!;
        _process.ErrorDataReceived += (_, line) =>
        {
            lock (_log)
            {
                _log.AppendLine(line.Data);
            }
        };
        _process.BeginErrorReadLine();
        Listening.On(2, _process.Id);
    }

    public static string Bin => Environment.GetEnvironmentVariable("FUSERVICE_BIN")
        ?? throw new InvalidOperationException("FUSERVICE_BIN is not set: these tests run through test.sh.");

    public static string Server => Bin + "/fuservice-passthrough";

    public string Log
    {
        get
        {
            lock (_log)
            {
                return _log.ToString();
            }
        }
    }

    /// <summary>How many servers have ended, and how: the listener reports each.</summary>
    public IReadOnlyList<string> Deaths =>
        [.. Log.Split('\n').Where(static line => line.StartsWith("Child ", StringComparison.Ordinal) && line.Contains(" died ", StringComparison.Ordinal))];

    public void Dispose()
    {
        _process.Kill();

        // Not for the end of its standard error: a server that outlives it holds the other end.
        _process.WaitForExit(Wait.Patience);
        _process.Dispose();
        File.Delete(OwnAddress);
        File.Delete(V1Address);
    }
}
