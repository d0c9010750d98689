using System.Collections.Concurrent;

namespace IoModeStress;

/// <summary>How often each operation ended in which way, and what must never have happened.</summary>
internal sealed class Report
{
    private readonly ConcurrentDictionary<(string Operation, int Errno), int> _outcomes = new();
    private readonly ConcurrentQueue<string> _violations = new();

    public bool HasViolations => !_violations.IsEmpty;

    public void Count(string operation, int errno) => _outcomes.AddOrUpdate((operation, errno), 1, static (_, count) => count + 1);

    public void Violation(string text) => _violations.Enqueue(text);

    public void Print(TextWriter writer)
    {
        foreach (string violation in _violations.Take(20))
        {
            writer.WriteLine($"VIOLATION {violation}");
        }

        foreach (((string operation, int errno), int count) in _outcomes.OrderBy(static outcome => outcome.Key))
        {
            writer.WriteLine($"{operation} {errno} {count}");
        }
    }
}
