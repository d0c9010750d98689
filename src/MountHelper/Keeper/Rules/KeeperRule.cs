using System.Diagnostics.CodeAnalysis;

namespace MountHelper.Keeper;

/// <summary>
/// One thing that a keeper never lets happen. Each has at least one case that fails when the rule is taken out (eng/rule-mutation.sh).
/// </summary>
internal sealed partial class KeeperRule
{
    private KeeperRule(string id, string statement)
    {
        Id = id;
        Statement = statement;
    }

    /// <summary>What stands in brackets at the end of a line of the log.</summary>
    public string Id { get; }

    public string Statement { get; }

    public override string ToString() => Id;

    /// <summary>Every check goes through here, so that one edit of this method in a scratch copy takes one rule out.</summary>
    [SuppressMessage("Performance", "CA1822", Justification = "It is a question to one rule, whatever the answer is made of.")]
    public bool IsBrokenBy(bool finding) => finding;
}
