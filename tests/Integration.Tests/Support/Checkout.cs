namespace Integration.Tests.Support;

/// <summary>The checkout these tests were compiled from.</summary>
internal static class Checkout
{
    public static string Root { get; } = Find();

    private static string Find()
    {
        DirectoryInfo? directory = new(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(directory.FullName + "/ServiceHost.sln"))
        {
            directory = directory.Parent;
        }

        return directory?.FullName ?? throw new DirectoryNotFoundException($"No ServiceHost.sln above {AppContext.BaseDirectory}.");
    }
}
