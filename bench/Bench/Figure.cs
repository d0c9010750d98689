namespace Bench;

/// <summary>Something that is measured. A ratio between two contenders is always "how many times as good".</summary>
internal sealed record Figure(string Name, string Unit, bool MoreIsBetter)
{
    public static Figure Rate(string name, string unit) => new(name, unit, MoreIsBetter: true);

    public static Figure Cost(string name, string unit) => new(name, unit, MoreIsBetter: false);

    public double Ratio(double value, double against) => MoreIsBetter ? value / against : against / value;
}
