using System.Diagnostics.CodeAnalysis;

namespace MountHelper;

/// <summary>
/// One thing the Mounter never lets happen. Every refusal names its rule, in the message and in the tests; each rule of
/// <see cref="All"/> has at least one case that fails when the rule is taken out (eng/rule-mutation.sh).
/// </summary>
public sealed partial class Rule
{
    private Rule(string id, string statement)
    {
        Id = id;
        Statement = statement;
    }

    /// <summary>What stands in brackets at the end of the line that the caller sees.</summary>
    public string Id { get; }

    public string Statement { get; }

    public override string ToString() => Id;

    /// <summary>Every check goes through here, so that one edit of this method in a scratch copy takes one rule out.</summary>
    [SuppressMessage("Performance", "CA1822", Justification = "It is a question to one rule, whatever the answer is made of.")]
    public bool IsBrokenBy(bool finding) => finding;
}
