using System.Diagnostics;

namespace Integration.Tests.Support;

/// <summary>What a finished command printed and returned.</summary>
internal sealed record Outcome(int ExitCode, string Output, string Error)
{
    public string[] ErrorLines => Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}

/// <summary>Runs commands with a bound on their time: a hang is a failure that names the command, not a stuck test run.</summary>
internal static class Shell
{
    public static Outcome Run(string file, params string[] arguments) => Run(TimeSpan.FromMinutes(3), file, arguments);

    public static Outcome Run(TimeSpan limit, string file, params string[] arguments)
    {
        ProcessStartInfo start = new(file, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(limit))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{file} {string.Join(' ', arguments)} did not end within {limit}.");
        }

        // A daemon that inherited the pipes would keep them open: what matters was printed before the exit.
        Task.WaitAll([output, error], TimeSpan.FromSeconds(30));
        return new Outcome(
            process.ExitCode,
            output.IsCompletedSuccessfully ? output.Result : "",
            error.IsCompletedSuccessfully ? error.Result : "");
    }

    /// <summary>Runs a command that has to succeed.</summary>
    public static string Must(string file, params string[] arguments)
    {
        Outcome outcome = Run(file, arguments);
        Assert.True(
            outcome.ExitCode == 0,
            $"{file} {string.Join(' ', arguments)}: exit {outcome.ExitCode}\n{outcome.Error}{outcome.Output}");
        return outcome.Output;
    }

    public static string Script(string script) => Must("/bin/bash", "-euo", "pipefail", "-c", script);
}
