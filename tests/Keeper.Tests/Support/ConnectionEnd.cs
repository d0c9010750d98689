using System.Globalization;
using ServiceHost.Linux;

namespace Keeper.Tests;

/// <summary>Ends a FUSE connection through fusectl, whoever else holds a descriptor of it.</summary>
internal static class ConnectionEnd
{
    private const string Connections = "/sys/fs/fuse/connections";

    /// <summary>The kernel names the connection of a descriptor in fdinfo.</summary>
    public static void Abort(OwnedFd device)
    {
        string? line = File.ReadLines($"/proc/self/fdinfo/{device.Number}").FirstOrDefault(
            static line => line.StartsWith("fuse_connection:", StringComparison.Ordinal));
        if (line is not null && int.TryParse(line.Split(':')[1], CultureInfo.InvariantCulture, out int connection)
            && Directory.Exists($"{Connections}/{connection}"))
        {
            File.WriteAllText($"{Connections}/{connection}/abort", "1");
        }
    }
}
