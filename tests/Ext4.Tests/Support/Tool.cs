using System.Diagnostics;

namespace Ext4.Tests;

/// <summary>Runs a program of e2fsprogs; a failure fails the test with what the program said.</summary>
public static class Tool
{
    public static string Run(string program, params string[] arguments)
    {
        (int code, string output) = RunAny(program, arguments);
        Assert.True(code == 0, $"{program} {string.Join(' ', arguments)}: {code}\n{output}");
        return output;
    }

    /// <summary>
    /// umount(8). A program that a test beside this one is just starting holds copies of what is open here until its exec, and keeps the mount busy.
    /// </summary>
    public static void Unmount(string path) => Wait.For($"{path} to be nobody's", () => RunAny("umount", path).Code == 0);

    /// <summary>For programs whose exit code is an answer: e2fsck says with it what it found.</summary>
    public static (int Code, string Output) RunAny(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PATH"] = Environment.GetEnvironmentVariable("PATH") + ":/usr/sbin:/sbin";
        using Process process = Process.Start(start) ?? throw new InvalidOperationException(program);
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, process.ExitCode == 0 ? output : $"{output}\n{errors.Result}");
    }
}
