using System.Diagnostics;

namespace Tests.Shared;

/// <summary>
/// A program of the tests, published as Native AOT when a source is newer: what forks, joins namespaces or serves as the product does needs a process
/// that is like it, which a test host is not.
/// </summary>
public sealed class AotProgram
{
    private static readonly Lock s_publishing = new();
    private readonly string _project;

    /// <param name="project">Its folder, from the root of the repository.</param>
    /// <param name="name">Of the executable.</param>
    public AotProgram(string project, string name)
    {
        _project = project;
        Path = System.IO.Path.Combine(Root, "out", name, name);
        lock (s_publishing)
        {
            if (IsStale())
            {
                Publish();
            }
        }
    }

    public string Path { get; }

    /// <summary>Of the repository.</summary>
    public static string Root { get; } = FindRoot();

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

    private IEnumerable<string> Sources() =>
        new[] { "src", "tests/Probes", _project }
            .SelectMany(static folder => Directory.EnumerateFiles(System.IO.Path.Combine(Root, folder), "*.cs", SearchOption.AllDirectories))
            .Where(static file => !file.Contains("/obj/", StringComparison.Ordinal));

    private void Publish()
    {
        ProcessStartInfo start = new("dotnet",
        [
            "publish", System.IO.Path.Combine(Root, _project), "-c", "Release", "-p:NativeAot=true", "-v", "quiet",
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
