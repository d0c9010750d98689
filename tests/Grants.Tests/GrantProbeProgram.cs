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
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        process.StandardInput.Close();
        bool ended = process.WaitForExit(TimeSpan.FromMinutes(5));
        process.Kill();
        Assert.True(ended, $"grant-probe {string.Join(' ', arguments)} hangs");

        // A child of the probe that outlives it keeps the pipes open.
        Assert.True(Task.WhenAll(output, error).Wait(TimeSpan.FromMinutes(1)), $"grant-probe {string.Join(' ', arguments)} left a process behind");
        return new ProbeResult(process.ExitCode, output.Result, error.Result);
    }

    public Process Start(params string[] arguments) => Process.Start(new ProcessStartInfo(Path, arguments)
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;
}
