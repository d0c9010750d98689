namespace ServiceHost.Fuse.Tests;

/// <summary>Finds this project's files although deterministic builds hide where they are.</summary>
internal static class TestFiles
{
    /// <summary>The folder of the solution: the first one above the test's binaries that has it.</summary>
    public static string Repository { get; } = FindRepository();

    /// <summary>The real path of a source file whose path was mapped to /_/ by the compiler.</summary>
    public static string Real(string mapped) =>
        Path.Combine(Repository, mapped.StartsWith("/_/", StringComparison.Ordinal) ? mapped[3..] : mapped);

    private static string FindRepository()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "ServiceHost.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new InvalidOperationException("The tests run outside of the repository.");
    }
}
