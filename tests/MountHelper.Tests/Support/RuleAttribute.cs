using Xunit.v3;

namespace MountHelper.Tests;

/// <summary>The rule that a case is about: eng/rule-mutation.sh takes it out and expects the cases that name it to fail.</summary>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Class, AllowMultiple = true)]
internal sealed class RuleAttribute(string id) : Attribute, ITraitAttribute
{
    public string Id { get; } = id;

    public IReadOnlyCollection<KeyValuePair<string, string>> GetTraits() => [new("Rule", Id)];
}
