using System.Globalization;

namespace Bench.Report;

/// <summary>
/// A figure that must be reached: at least so many times as good as the better one of some others, or, without others, at most so much.
/// </summary>
internal sealed record Goal(string Suite, Func<string, bool> IsAbout, string Contender, string[] Against, double Bound)
{
    /// <summary>A limit that counts from what the other one takes.</summary>
    public bool IsMargin { get; init; }

    public IEnumerable<GoalResult> Judge(IEnumerable<Series> all)
    {
        foreach (Series series in all.Where(series => series.Suite == Suite && IsAbout(series.Figure.Name)))
        {
            if (series.Of(Contender) is { } own && Judge(series, own.Median) is { } result)
            {
                yield return result;
            }
        }
    }

    private GoalResult? Judge(Series series, double own)
    {
        string what = $"{series.Figure.Name} ({Suite}), {Contender}";
        string bound = Bound.ToString("0.##", CultureInfo.InvariantCulture);
        if (Against.Length == 0)
        {
            return new GoalResult(what, $"at most {bound} {series.Figure.Unit}", Number(own), own <= Bound);
        }

        string others = string.Join(" or ", Against);
        if (IsMargin)
        {
            return series.Of(Against[0]) is { } other
                ? new GoalResult(what, $"at most {bound} {series.Figure.Unit} over {others}", Number(own - other.Median), own - other.Median <= Bound)
                : null;
        }

        return series.Ratio(Contender, Against) is { } ratio
            ? new GoalResult(what, $"{bound}x {others}", $"{ratio.ToString("0.00", CultureInfo.InvariantCulture)}x", ratio >= Bound)
            : null;
    }

    private static string Number(double value) => value.ToString("0.0", CultureInfo.InvariantCulture);
}
