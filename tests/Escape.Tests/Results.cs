namespace Escape.Tests;

/// <summary>Lines "attempt: result" of the probe, held against the table: no attempt without an expectation, none that was not made.</summary>
internal static class Results
{
    public static void AssertAsExpected(string output, Func<AttemptRow, string, bool> isExpected)
    {
        Dictionary<string, string> results = output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(static line => line.Split(": ", 2))
            .ToDictionary(static parts => parts[0], static parts => parts.Length == 2 ? parts[1] : "no result");
        Assert.Equal(AttemptRow.All.Select(static row => row.Name).Order(), results.Keys.Order());
        Assert.Empty(AttemptRow.All.Where(row => !isExpected(row, results[row.Name])).Select(row => $"{results[row.Name]} instead of {row}"));
    }

    /// <summary>"number REASON": how much there was of something, and how its end showed.</summary>
    public static void AssertBounded(string output, string reason, int most)
    {
        string[] parts = output.TrimEnd('\n').Split(' ');
        Assert.Equal(reason, parts[1]);
        Assert.InRange(int.Parse(parts[0], System.Globalization.CultureInfo.InvariantCulture), 1, most);
    }
}
