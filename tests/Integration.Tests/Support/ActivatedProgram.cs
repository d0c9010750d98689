using System.Collections.Concurrent;
using System.Diagnostics;

namespace Integration.Tests.Support;

/// <summary>systemd-socket-activate in front of one of our programs, for as long as a test needs it.</summary>
internal sealed class ActivatedProgram : IDisposable
{
    private readonly string _address;
    private readonly Process _listener;
    private readonly ConcurrentQueue<string> _log = new();

    public ActivatedProgram(string address, string program)
    {
        _address = address;
        _listener = Process.Start(
            new ProcessStartInfo("systemd-socket-activate", ["--seqpacket", "--accept", "-l", address, program]) { RedirectStandardError = true })!;
        _listener.ErrorDataReceived += (_, line) => _log.Enqueue(line.Data ?? "");
        _listener.BeginErrorReadLine();
        Listening.On(1, _listener.Id);
    }

    /// <summary>What the listener and its programs wrote to stderr.</summary>
    public string Log => string.Join('\n', _log);

    public void Dispose()
    {
        _listener.Kill();

        // Without a limit it would wait for all who have its stderr: a program that serves a mount that a failed test left, too.
        _listener.WaitForExit(Wait.Patience);
        _listener.Dispose();
        File.Delete(_address);
    }
}
