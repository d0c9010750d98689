using System.Diagnostics;

namespace MountHelper.Tests;

/// <summary>
/// The real programs: from FUSERVICE_BIN, or published once for this run. They have to be native: they fork, which a
/// process with a JIT cannot.
/// </summary>
internal static class HelperBinary
{
    private static readonly Lazy<string> s_path = new(static () => Find("fuservicemount", "src/MountHelper/fuservicemount"));
    private static readonly Lazy<string> s_broker = new(static () => Find("fuservicemountd", "src/MountHelper/fuservicemountd"));
    private static readonly Lazy<string> s_passthrough = new(static () => Find("fuservice-passthrough", "src/Servers/Passthrough"));

    public static string Path => s_path.Value;

    /// <summary>fuservicemountd.</summary>
    public static string Broker => s_broker.Value;

    /// <summary>fuservice-passthrough.</summary>
    public static string Passthrough => s_passthrough.Value;

    private static string Find(string name, string project)
    {
        string? folder = Environment.GetEnvironmentVariable("FUSERVICE_BIN");
        return folder is null ? Publish(name, project) : System.IO.Path.Combine(folder, name);
    }

    private static string Publish(string name, string folder)
    {
        string output = Directory.CreateTempSubdirectory("mounter-bin-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(output, recursive: true);
        string project = System.IO.Path.Combine(Root(), folder);
        using Process publish = Process.Start(new ProcessStartInfo("dotnet")
        {
            ArgumentList = { "publish", project, "-c", "Release", "-p:NativeAot=true", "-o", output, "-v", "quiet" },
            RedirectStandardOutput = true,
        })!;
        string log = publish.StandardOutput.ReadToEnd();
        publish.WaitForExit();
        Assert.True(publish.ExitCode == 0, log);
        return System.IO.Path.Combine(output, name);
    }

    private static string Root()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(System.IO.Path.Combine(folder, "ServiceHost.sln")))
        {
            folder = System.IO.Path.GetDirectoryName(folder);
        }

        return folder ?? throw new InvalidOperationException("The tests run outside the repository.");
    }
}
