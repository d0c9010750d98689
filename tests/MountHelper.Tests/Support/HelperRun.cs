using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace MountHelper.Tests;

/// <summary>One run of a program inside a sandbox; the process id is the program's, because nsenter executes it in its place.</summary>
internal sealed class HelperRun : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly Task<string> _errors;
    private readonly Task<string> _output;

    private HelperRun(Process process)
    {
        _process = process;
        _errors = process.StandardError.ReadToEndAsync();
        _output = process.StandardOutput.ReadToEndAsync();
    }

    public int Pid => _process.Id;

    public int ExitCode { get; private set; }

    public string Errors { get; private set; } = "";

    public string Output { get; private set; } = "";

    public static HelperRun Start(MountSandbox sandbox, IEnumerable<string> command)
    {
        ProcessStartInfo start = new("nsenter")
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        // The environment of an ordinary caller, whoever runs the tests; others are given where they matter.
        start.Environment.Clear();
        start.Environment["PATH"] = "/usr/sbin:/usr/bin:/sbin:/bin";
        start.ArgumentList.Add($"--mount=/proc/{sandbox.HolderPid}/ns/mnt");
        start.ArgumentList.Add("--");
        foreach (string word in command)
        {
            start.ArgumentList.Add(word);
        }

        return new HelperRun(Process.Start(start)!);
    }

    /// <summary>Waits for the end. A helper that does not come to one is killed, and the case fails.</summary>
    public HelperRun Wait()
    {
        bool ended = _process.WaitForExit(s_patience);
        string state = ended ? "" : State();
        if (!ended)
        {
            _process.Kill();
        }

        Assert.True(ended, $"the program did not end; its state was {state}");
        (Errors, Output, ExitCode) = (_errors.Result, _output.Result, _process.ExitCode);
        return this;
    }

    public HelperRun Succeeded()
    {
        Wait();
        Assert.True(ExitCode == 0, $"exit code {ExitCode}: {Errors}");
        return this;
    }

    public void Signal(int signal) => Assert.Equal(0, kill(Pid, signal));

    /// <summary>The state letter of /proc/PID/stat.</summary>
    public string State()
    {
        string stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{Pid}/stat"));
        return stat[(stat.LastIndexOf(')') + 2)..][..1];
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
    }

    [DllImport("libc")]
    private static extern int kill(int pid, int signal);
}
