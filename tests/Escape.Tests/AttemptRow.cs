namespace Escape.Tests;

/// <summary>A row of attempts.txt: a name, and for each way to run "OK", the name of an error, or "-" where it is not tried.</summary>
internal sealed record AttemptRow(string Name, string Unconfined, string Plain, string Full, string TreePlain, string TreeFull)
{
    private const string Heading = "attempt ";
    private const int Columns = 6;

    public static IReadOnlyList<AttemptRow> All { get; } = Load();

    private static AttemptRow[] Load()
    {
        using Stream stream = typeof(AttemptRow).Assembly.GetManifestResourceStream("attempts.txt")!;
        using StreamReader reader = new(stream);
        return [.. reader.ReadToEnd().Split('\n')
            .Where(static line => line.Length > 0 && line[0] != '#' && !line.StartsWith(Heading, StringComparison.Ordinal))
            .Select(Parse)];
    }

    private static AttemptRow Parse(string line)
    {
        string[] columns = line.Split('|', StringSplitOptions.TrimEntries);
        return columns.Length == Columns
            ? new AttemptRow(columns[0], columns[1], columns[2], columns[3], columns[4], columns[5])
            : throw new FormatException(line);
    }
}
