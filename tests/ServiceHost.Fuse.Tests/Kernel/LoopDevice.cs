using System.Diagnostics;

namespace ServiceHost.Fuse.Tests.Kernel;

/// <summary>A block device over a small file, given back when disposed.</summary>
internal sealed class LoopDevice : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public LoopDevice()
    {
        File.WriteAllBytes(_file, new byte[1 << 20]);
        Name = Run("--find", "--show", _file).Trim();
    }

    public string Name { get; }

    public void Dispose()
    {
        Run("--detach", Name);
        File.Delete(_file);
    }

    private static string Run(params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo("losetup", arguments) { RedirectStandardOutput = true })!;
        string text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return text;
    }
}
