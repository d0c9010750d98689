using System.Reflection;
using MountHelper.Keeper;
using MountHelper.Tests;

namespace Keeper.Tests;

public sealed class RuleCoverageTests
{
    private static HashSet<string> Rules() => [.. typeof(KeeperRule).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Where(static field => field.FieldType == typeof(KeeperRule)).Select(static field => ((KeeperRule)field.GetValue(null)!).Id)];

    private static HashSet<string> RulesWithCases()
    {
        IEnumerable<string> tables = FileCases.All.Select(static file => file.Rule.Id).Concat(TalkCases.All.Select(static talk => talk.Rule.Id));
        IEnumerable<string> attributes = typeof(RuleCoverageTests).Assembly.GetTypes()
            .SelectMany(static type => type.GetMethods().Cast<MemberInfo>().Append(type))
            .SelectMany(static member => member.GetCustomAttributes<RuleAttribute>()).Select(static rule => rule.Id);
        return [.. tables, .. attributes];
    }

    [Fact]
    public void Every_rule_has_a_case_and_every_case_a_rule() => Assert.Equal(Rules().Order(), RulesWithCases().Order());
}
