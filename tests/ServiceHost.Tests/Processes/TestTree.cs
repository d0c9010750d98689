using System.Diagnostics;

namespace ServiceHost.Tests.Processes;

/// <summary>A source and a mountpoint on a tmpfs of their own, and everything mounted there taken down at the end.</summary>
internal sealed class TestTree : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("fuservice-host.").FullName;

    public TestTree()
    {
        Assert.Equal(0, Run("mount", "-t", "tmpfs", "-o", "mode=0755", "fuservice-test", _root).ExitCode);
        Directory.CreateDirectory(Source);
        Directory.CreateDirectory(Mountpoint);
        File.WriteAllText(Source + "/file", "content");
    }

    public string Source => _root + "/source";

    public string Mountpoint => _root + "/mnt";

    public bool IsMounted => File.ReadLines("/proc/self/mountinfo").Any(line => line.Contains($" {Mountpoint} ", StringComparison.Ordinal));

    public static (int ExitCode, string Output, string Error) Run(string program, params string[] args)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, args)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.Result);
    }

    /// <summary>The process whose argv[0] is the title of this mount; 0 when there is none.</summary>
    public int FindServer()
    {
        string title = $"fuservice-passthrough: {Source} on {Mountpoint}";
        foreach (string directory in Directory.EnumerateDirectories("/proc").Where(static name => char.IsAsciiDigit(name[6])))
        {
            try
            {
                if (File.ReadAllText(directory + "/cmdline").TrimEnd('\0') == title)
                {
                    return int.Parse(directory[6..], System.Globalization.CultureInfo.InvariantCulture);
                }
            }
            catch (IOException)
            {
                // It ended while we looked.
            }
        }

        return 0;
    }

    public void Dispose()
    {
        if (IsMounted)
        {
            Run("umount", "-i", "-l", Mountpoint);
        }

        Run("umount", "-l", _root);
        Directory.Delete(_root);
    }
}
