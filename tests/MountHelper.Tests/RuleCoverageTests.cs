using System.Reflection;

namespace MountHelper.Tests;

public sealed class RuleCoverageTests
{
    private static List<Rule> AllRules() => [.. typeof(Rule).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Where(static field => field.FieldType == typeof(Rule)).Select(static field => (Rule)field.GetValue(null)!)];

    /// <summary>From the tables of the battery and from the attributes on methods and classes.</summary>
    private static HashSet<string> RulesWithCases()
    {
        IEnumerable<string> tables = OwnCases.All.Concat(V1Cases.All).Select(static hostile => hostile.Rule.Id)
            .Concat(BrokerCases.All.Where(static hostile => hostile.Rule is not null).Select(static hostile => hostile.Rule!.Id));
        IEnumerable<MemberInfo> members = typeof(RuleCoverageTests).Assembly.GetTypes()
            .SelectMany(static type => type.GetMethods().Cast<MemberInfo>().Append(type));
        IEnumerable<string> attributes = members.SelectMany(static member => member.GetCustomAttributes<RuleAttribute>()).Select(static rule => rule.Id);
        return [.. tables, .. attributes];
    }

    [Fact]
    public void Every_rule_has_a_case() => Assert.Empty(AllRules().Select(static rule => rule.Id).Except(RulesWithCases()));

    [Fact]
    public void Every_case_names_a_rule_that_exists() => Assert.Empty(RulesWithCases().Except(AllRules().Select(static rule => rule.Id)));

    [Fact]
    public void The_names_of_rules_are_distinct() => Assert.Equal(AllRules().Count, AllRules().Select(static rule => rule.Id).Distinct().Count());
}
