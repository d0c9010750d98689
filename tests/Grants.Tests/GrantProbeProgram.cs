using System.Diagnostics;

namespace Grants.Tests;

/// <summary>The probe for what needs a process with one managed thread: fork, setns and unshare.</summary>
public sealed class GrantProbeProgram
{
    private readonly AotProgram _program = new("tests/GrantProbe", "grant-probe");

    public string Path => _program.Path;

    /// <summary>Runs the probe to its end and returns its "key: value" lines.</summary>
    public ProbeResult Run(params string[] arguments)
    {
        using Process process = Start(arguments);
        string error = "";
        Thread drain = new(() => error = process.StandardError.ReadToEnd());
        drain.Start();
        process.StandardInput.Close();
        string output = process.StandardOutput.ReadToEnd();
        if (!process.WaitForExit(TimeSpan.FromSeconds(120)))
        {
            process.Kill();
            Assert.Fail($"grant-probe {string.Join(' ', arguments)} hangs");
        }

        drain.Join();
        return new ProbeResult(process.ExitCode, output, error);
    }

    public Process Start(params string[] arguments) => Process.Start(new ProcessStartInfo(Path, arguments)
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;
}
