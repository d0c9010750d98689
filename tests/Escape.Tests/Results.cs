namespace Escape.Tests;

/// <summary>Lines "attempt: result" of the probe, held against the table: no attempt without an expectation, none that was not made.</summary>
internal static class Results
{
    private const string NotTried = "-";

    /// <param name="expected">The column of the table.</param>
    /// <param name="isTolerated">What else may come, for machines that are not alike.</param>
    public static void AssertAsExpected(
        string output, Func<AttemptRow, string> expected, Func<AttemptRow, string, bool>? isTolerated = null)
    {
        Dictionary<string, string> results = output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(static line => line.Split(": ", 2))
            .ToDictionary(static parts => parts[0], static parts => parts.Length == 2 ? parts[1] : "no result");
        AttemptRow[] rows = [.. AttemptRow.All.Where(row => expected(row) != NotTried)];
        Assert.Equal(rows.Select(static row => row.Name).Order(), results.Keys.Order());
        Assert.Empty(rows
            .Where(row => results[row.Name] != expected(row) && isTolerated?.Invoke(row, results[row.Name]) != true)
            .Select(row => $"{row.Name}: {results[row.Name]} instead of {expected(row)}"));
    }

    /// <summary>"number REASON": how much there was of something, and how its end showed.</summary>
    public static void AssertBounded(string output, string reason, int most)
    {
        string[] parts = output.TrimEnd('\n').Split(' ');
        Assert.Equal(reason, parts[1]);
        Assert.InRange(int.Parse(parts[0], System.Globalization.CultureInfo.InvariantCulture), 1, most);
    }
}
