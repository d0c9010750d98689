namespace Bench.Report;

/// <summary>What became of a goal.</summary>
internal sealed record GoalResult(string What, string Demanded, string Reached, bool IsMet);
