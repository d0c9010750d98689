namespace Bench.Suites;

/// <summary>A set of figures that are measured together.</summary>
internal abstract class Suite(string name)
{
    public string Name => name;

    /// <summary>One line for the report.</summary>
    public abstract string About { get; }

    public abstract void Measure(Recorder recorder);
}
