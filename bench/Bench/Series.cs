namespace Bench;

/// <summary>The samples of one figure, by contender.</summary>
internal sealed class Series(string suite, Figure figure)
{
    private readonly Dictionary<string, List<double>> _samples = [];

    public string Suite => suite;

    public Figure Figure => figure;

    public IReadOnlyCollection<string> Contenders => _samples.Keys;

    public void Add(string contender, double value)
    {
        if (!_samples.TryGetValue(contender, out List<double>? list))
        {
            _samples.Add(contender, list = []);
        }

        list.Add(value);
    }

    public IReadOnlyList<double> Samples(string contender) => _samples.TryGetValue(contender, out List<double>? list) ? list : [];

    public Sample? Of(string contender) => _samples.TryGetValue(contender, out List<double>? list) ? Sample.Of(list) : null;

    /// <summary>How many times as good as the better one of <paramref name="against"/>; null when one side is missing.</summary>
    public double? Ratio(string contender, IEnumerable<string> against)
    {
        double[] others = [.. against.Select(Of).OfType<Sample>().Select(sample => sample.Median)];
        if (Of(contender) is not { } own || others.Length == 0)
        {
            return null;
        }

        return figure.Ratio(own.Median, figure.MoreIsBetter ? others.Max() : others.Min());
    }
}
