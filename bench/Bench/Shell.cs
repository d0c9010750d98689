using System.Diagnostics;

namespace Bench;

/// <summary>Runs programs and waits for them.</summary>
internal static class Shell
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(5);

    /// <summary>Runs to the end, and fails with what the program said when it does not succeed.</summary>
    public static string Run(string program, params IEnumerable<string> arguments)
    {
        string[] list = [.. arguments];
        ProcessStartInfo start = new(program, list) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        WaitFor(process, program);
        return process.ExitCode == 0
            ? output.Result
            : throw new BenchException($"{program} {string.Join(' ', list)} failed ({process.ExitCode}): {errors.Result.Trim()} {output.Result.Trim()}");
    }

    /// <summary>Runs a program that may leave a daemon behind, which keeps our standard streams.</summary>
    public static void Launch(string program, params IEnumerable<string> arguments)
    {
        string[] list = [.. arguments];
        using Process process = Process.Start(new ProcessStartInfo(program, list))!;
        WaitFor(process, program);
        if (process.ExitCode != 0)
        {
            throw new BenchException($"{program} {string.Join(' ', list)} failed ({process.ExitCode})");
        }
    }

    private static void WaitFor(Process process, string program)
    {
        if (!process.WaitForExit(s_patience))
        {
            process.Kill();
            throw new BenchException($"{program} did not end within {s_patience.TotalMinutes} minutes");
        }
    }
}
