using System.Globalization;
using System.Text;

namespace Bench.Report;

/// <summary>The tables, for a terminal and for the Markdown page.</summary>
internal static class TextReport
{
    public static string Write(Results results)
    {
        StringBuilder text = new();
        foreach (string line in results.Machine)
        {
            text.AppendLine(line);
        }

        foreach (IGrouping<string, Series> suite in results.Suites)
        {
            text.AppendLine().Append("== ").AppendLine(suite.Key).AppendLine();
            Table.Write(text, Rows(suite));
        }

        text.AppendLine().AppendLine("== goals").AppendLine();
        Table.Write(text, GoalRows(results));
        foreach (string line in results.Recorder.LeftOut)
        {
            text.Append("left out: ").AppendLine(line);
        }

        foreach (string line in results.Recorder.Failures)
        {
            text.Append("FAILED: ").AppendLine(line);
        }

        return text.ToString();
    }

    public static IEnumerable<string[]> GoalRows(Results results) =>
    [
        ["goal", "demanded", "reached", ""],
        .. results.Goals.Select(goal => new[] { goal.What, goal.Demanded, goal.Reached, goal.IsMet ? "yes" : "NO" }),
    ];

    /// <summary>A row for each figure, a column for each contender: median, range, ratio to the first column.</summary>
    public static IEnumerable<string[]> Rows(IEnumerable<Series> suite)
    {
        Series[] all = [.. suite];
        IReadOnlyList<string> contenders = Results.Contenders(all);
        string baseline = Results.Baseline(all);
        yield return [$"{all.Max(series => contenders.Max(contender => series.Samples(contender).Count))} runs", "unit", .. contenders];
        foreach (Series series in all)
        {
            yield return [series.Figure.Name, series.Figure.Unit, .. contenders.Select(contender => Cell(series, contender, baseline))];
        }
    }

    private static string Cell(Series series, string contender, string baseline)
    {
        if (series.Of(contender) is not { } sample)
        {
            return "-";
        }

        string range = $"{Number(sample.Median)} [{Number(sample.Min)}..{Number(sample.Max)}]";
        return contender != baseline && series.Ratio(contender, [baseline]) is { } ratio
            ? $"{range} {ratio.ToString("0.00", CultureInfo.InvariantCulture)}x"
            : range;
    }

    private static string Number(double value) => value.ToString(value < 10 ? "0.00" : value < 100 ? "0.0" : "0", CultureInfo.InvariantCulture);
}
