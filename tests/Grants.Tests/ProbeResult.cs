namespace Grants.Tests;

/// <summary>What a run of the probe printed.</summary>
public sealed class ProbeResult(int exitCode, string output, string error)
{
    private readonly ILookup<string, string> _values = output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Select(static line => line.Split(": ", 2))
        .ToLookup(static parts => parts[0].TrimEnd(':'), static parts => parts.Length > 1 ? parts[1] : "");

    public int ExitCode { get; } = exitCode;

    /// <summary>The one value of a key; a missing key fails the test with everything the probe said.</summary>
    public string this[string key]
    {
        get
        {
            string[] found = [.. _values[key]];
            Assert.True(found.Length == 1, $"{found.Length} values of {key}; exit code {ExitCode}\n{output}\n{error}");
            return found[0];
        }
    }

    public IReadOnlyList<string> All(string key) => [.. _values[key]];

    public override string ToString() => $"exit code {ExitCode}\n{output}\n{error}";
}
