using System.Diagnostics;

namespace Grants.Tests;

/// <summary>
/// The Native AOT probe, published once for all tests and again when a source is newer: fork, setns and unshare need a process with one
/// managed thread, which a test host is not.
/// </summary>
public sealed class GrantProbeProgram
{
    private static readonly Lock s_publishing = new();

    public GrantProbeProgram()
    {
        Path = System.IO.Path.Combine(Root, "out", "grant-probe", "grant-probe");
        lock (s_publishing)
        {
            if (IsStale())
            {
                Publish();
            }
        }
    }

    public string Path { get; }

    private static string Root { get; } = FindRoot();

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

    private static string FindRoot()
    {
        for (string? folder = AppContext.BaseDirectory; folder is not null; folder = System.IO.Path.GetDirectoryName(folder))
        {
            if (File.Exists(System.IO.Path.Combine(folder, "ServiceHost.sln")))
            {
                return folder;
            }
        }

        throw new InvalidOperationException($"no ServiceHost.sln above {AppContext.BaseDirectory}");
    }

    private bool IsStale()
    {
        DateTime published = File.GetLastWriteTimeUtc(Path);
        return !File.Exists(Path) || Sources().Any(file => File.GetLastWriteTimeUtc(file) > published);
    }

    private static IEnumerable<string> Sources() =>
        new[] { "src", "tests/GrantProbe" }
            .SelectMany(folder => Directory.EnumerateFiles(System.IO.Path.Combine(Root, folder), "*.cs", SearchOption.AllDirectories))
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal));

    private void Publish()
    {
        ProcessStartInfo start = new("dotnet",
        [
            "publish", System.IO.Path.Combine(Root, "tests", "GrantProbe"), "-c", "Release", "-p:NativeAot=true", "-v", "quiet",
            "-nologo", "-nodeReuse:false", "-o", System.IO.Path.GetDirectoryName(Path)!,
        ])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0";
        start.Environment.Remove("MSBuildSDKsPath");
        using Process publish = Process.Start(start)!;
        string output = publish.StandardOutput.ReadToEnd() + publish.StandardError.ReadToEnd();
        publish.WaitForExit();
        Assert.True(publish.ExitCode == 0, output);
        File.SetLastWriteTimeUtc(Path, DateTime.UtcNow);
    }
}
