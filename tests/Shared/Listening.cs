using System.Globalization;

namespace Tests.Shared;

/// <summary>
/// Waits until a program listens. The file of a socket is there from bind(2) on, and whoever connects before listen(2) is refused; connecting to
/// find out would start a server.
/// </summary>
internal static class Listening
{
    // __SO_ACCEPTCON, as /proc/net/unix writes it.
    private const string IsListening = "00010000";
    private const int FlagsColumn = 3;
    private const int InodeColumn = 6;

    public static void On(int sockets, int pid) => Wait.For($"process {pid} to listen on {sockets} sockets", () => Count(pid) >= sockets);

    private static int Count(int pid)
    {
        HashSet<string> own = [.. Directory.GetFiles(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/fd"))
            .Select(static path => new FileInfo(path).LinkTarget)
            .OfType<string>()
            .Where(static target => target.StartsWith("socket:[", StringComparison.Ordinal))
            .Select(static target => target[8..^1])];
        return File.ReadLines("/proc/net/unix")
            .Select(static line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Count(columns => columns.Length > InodeColumn && columns[FlagsColumn] == IsListening && own.Contains(columns[InodeColumn]));
    }
}
