namespace Bench;

/// <summary>Several measurements of the same thing.</summary>
internal readonly record struct Sample(double Median, double Min, double Max)
{
    public static Sample Of(IReadOnlyCollection<double> values)
    {
        double[] sorted = [.. values.Order()];
        int middle = sorted.Length / 2;
        double median = sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Sample(median, sorted[0], sorted[^1]);
    }
}
