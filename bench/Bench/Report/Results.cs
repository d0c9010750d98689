namespace Bench.Report;

/// <summary>Everything that a report tells.</summary>
internal sealed record Results(BenchOptions Options, Recorder Recorder, IReadOnlyList<string> Machine)
{
    /// <summary>Suites in the order in which they were measured, with their series.</summary>
    public IEnumerable<IGrouping<string, Series>> Suites => Recorder.All.GroupBy(series => series.Suite);

    /// <summary>The goals that can be judged from what was measured.</summary>
    public IEnumerable<GoalResult> Goals => GoalList.All.SelectMany(goal => goal.Judge(Recorder.All));

    /// <summary>The column that the ratios of a suite refer to: the first one.</summary>
    public static string Baseline(IEnumerable<Series> suite) => suite.First().Contenders.First();

    public static IReadOnlyList<string> Contenders(IEnumerable<Series> suite) => [.. suite.SelectMany(series => series.Contenders).Distinct()];

    public void Save()
    {
        if (Options.Output.Length == 0)
        {
            return;
        }

        Directory.CreateDirectory(Options.Output);
        JsonReport.Write(this, Path.Combine(Options.Output, "results.json"));
        File.WriteAllText(Path.Combine(Options.Output, "results.svg"), SvgPlot.Draw(this));
        File.WriteAllText(Path.Combine(Options.Output, "RESULTS.md"), MarkdownReport.Write(this));
    }
}
