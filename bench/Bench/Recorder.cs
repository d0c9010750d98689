namespace Bench;

/// <summary>All samples, in the order of their first appearance, and what could not be measured.</summary>
internal sealed class Recorder
{
    private readonly Dictionary<(string Suite, string Figure), Series> _series = [];
    private readonly List<Series> _order = [];

    public IReadOnlyList<Series> All => _order;

    /// <summary>Contenders of a suite as they were set up, for the report.</summary>
    public List<(string Suite, string Contender, string Settings)> Settings { get; } = [];

    /// <summary>What was left out, and why.</summary>
    public List<string> LeftOut { get; } = [];

    /// <summary>What of ours could not be measured: the run has failed.</summary>
    public List<string> Failures { get; } = [];

    public void Add(string suite, Figure figure, string contender, double value)
    {
        if (!_series.TryGetValue((suite, figure.Name), out Series? series))
        {
            series = new Series(suite, figure);
            _series.Add((suite, figure.Name), series);
            _order.Add(series);
        }

        series.Add(contender, value);
    }
}
