namespace Escape.Tests;

/// <summary>A row of attempts.txt: a name, and "OK" or the name of an error for each way to run.</summary>
internal sealed record AttemptRow(string Name, string Unconfined, string Plain, string Full)
{
    private const string Heading = "attempt";

    public static IReadOnlyList<AttemptRow> All { get; } = Load();

    private static AttemptRow[] Load()
    {
        using Stream stream = typeof(AttemptRow).Assembly.GetManifestResourceStream("attempts.txt")!;
        using StreamReader reader = new(stream);
        return [.. reader.ReadToEnd().Split('\n')
            .Where(static line => line.Length > 0 && line[0] != '#' && !line.StartsWith(Heading + " ", StringComparison.Ordinal))
            .Select(Parse)];
    }

    private static AttemptRow Parse(string line)
    {
        string[] columns = line.Split('|', StringSplitOptions.TrimEntries);
        return columns.Length == 4 ? new AttemptRow(columns[0], columns[1], columns[2], columns[3]) : throw new FormatException(line);
    }
}
