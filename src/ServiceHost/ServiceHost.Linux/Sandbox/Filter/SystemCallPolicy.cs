namespace ServiceHost.Linux;

/// <summary>
/// Which system calls a process may make. What is not listed is refused, and so is every call of another architecture or of the x32
/// ABI, whose numbers mean something else. This is the meaning; <see cref="FilterCompiler"/> makes the program that the kernel runs.
/// </summary>
public sealed class SystemCallPolicy
{
    /// <summary>AUDIT_ARCH_X86_64.</summary>
    public const uint Architecture = 0xC000_003E;

    /// <summary>__X32_SYSCALL_BIT: numbers from here on are x32's.</summary>
    public const uint FirstForeignNumber = 0x4000_0000;

    private readonly SortedDictionary<uint, SystemCallRule> _rules = [];

    /// <summary>Rules for the same call add up: it is allowed when one of them allows it, and the last refusal counts.</summary>
    public SystemCallPolicy(params IEnumerable<SystemCallRule>[] lists)
    {
        ArgumentNullException.ThrowIfNull(lists);
        foreach (SystemCallRule rule in lists.SelectMany(static list => list))
        {
            uint number = (uint)rule.Call;
            _rules[number] = _rules.TryGetValue(number, out SystemCallRule? other)
                ? rule with { Alternatives = [.. other.Alternatives, .. rule.Alternatives] }
                : rule;
        }
    }

    /// <summary>By number.</summary>
    public IEnumerable<SystemCallRule> Rules => _rules.Values;

    /// <summary>What a call gets: nothing when it is allowed.</summary>
    public Errno Decide(uint architecture, uint number, ReadOnlySpan<ulong> arguments) =>
        architecture == Architecture && _rules.TryGetValue(number, out SystemCallRule? rule)
            ? rule.Decide(arguments)
            : SystemCallRule.StandardRefusal;
}
