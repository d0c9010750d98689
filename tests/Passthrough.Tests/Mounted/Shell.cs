using System.Diagnostics;

namespace Passthrough.Tests;

/// <summary>Runs a program to its end and keeps what it said.</summary>
internal static class Shell
{
    public static (int Code, string Output) Run(string program, params string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd() + error.GetAwaiter().GetResult();
        process.WaitForExit();
        return (process.ExitCode, output);
    }

    /// <summary>The output of a bash script that must succeed.</summary>
    public static string Bash(string script)
    {
        (int code, string output) = Run("bash", "-c", script);
        Assert.True(code == 0, $"{script}: {code}\n{output}");
        return output;
    }
}
