namespace ServiceHost.Linux;

/// <summary>
/// Turns a policy into a seccomp filter: architecture, then a balanced tree over the ranges of numbers that get the same answer, then
/// the checks of arguments, one block for each call that has any.
/// </summary>
public static class FilterCompiler
{
    /// <summary>SECCOMP_RET_ALLOW.</summary>
    public const uint Allowed = 0x7FFF_0000;

    // struct seccomp_data: int nr, u32 arch, u64 instruction_pointer, u64 args[6], all in the byte order of the machine.
    private const uint NumberOffset = 0;
    private const uint ArchitectureOffset = 4;
    private const uint ArgumentsOffset = 16;

    private const uint ReturnErrno = 0x0005_0000;

    /// <summary>SECCOMP_RET_ERRNO with its number.</summary>
    public static uint Refused(Errno errno) => ReturnErrno | (uint)errno.Number;

    public static FilterInstruction[] Compile(SystemCallPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        FilterAssembler assembler = new();
        int foreign = assembler.NewLabel();
        assembler.Load(ArchitectureOffset);
        assembler.GotoUnlessEqual(SystemCallPolicy.Architecture, foreign);
        assembler.Load(NumberOffset);
        Dictionary<SystemCallRule, int> checkedCalls = policy.Rules
            .Where(static rule => !rule.IsUnconditional && rule.Alternatives.Count > 0)
            .ToDictionary(static rule => rule, _ => assembler.NewLabel());
        WriteTree(assembler, RangesOf(policy), checkedCalls);
        foreach ((SystemCallRule rule, int label) in checkedCalls)
        {
            assembler.Place(label);
            WriteChecks(assembler, rule);
        }

        assembler.Place(foreign);
        assembler.Answer(Refused(SystemCallRule.StandardRefusal));
        return assembler.ToProgram();
    }

    /// <summary>Neighbouring numbers with the same answer are one range; the last one has everything above the list, x32 included.</summary>
    private static List<NumberRange> RangesOf(SystemCallPolicy policy)
    {
        List<NumberRange> ranges = [new NumberRange(0, Refused(SystemCallRule.StandardRefusal), null)];
        foreach (SystemCallRule rule in policy.Rules)
        {
            uint number = (uint)rule.Call;
            SystemCallRule? check = rule.IsUnconditional || rule.Alternatives.Count == 0 ? null : rule;
            Begin(ranges, new NumberRange(number, rule.IsUnconditional ? Allowed : Refused(rule.Refusal), check));
            Begin(ranges, new NumberRange(number + 1, Refused(SystemCallRule.StandardRefusal), null));
        }

        for (int i = ranges.Count - 1; i > 0; i--)
        {
            if (ranges[i].HasAnswerOf(ranges[i - 1]))
            {
                ranges.RemoveAt(i);
            }
        }

        return ranges;
    }

    private static void Begin(List<NumberRange> ranges, NumberRange range)
    {
        if (ranges[^1].First == range.First)
        {
            ranges.RemoveAt(ranges.Count - 1);
        }

        ranges.Add(range);
    }

    private static void WriteTree(FilterAssembler assembler, List<NumberRange> ranges, Dictionary<SystemCallRule, int> checkedCalls)
    {
        if (ranges.Count == 1)
        {
            if (ranges[0].Checked is { } rule)
            {
                assembler.Goto(checkedCalls[rule]);
            }
            else
            {
                assembler.Answer(ranges[0].Verdict);
            }

            return;
        }

        int middle = ranges.Count / 2;
        int upper = assembler.NewLabel();
        assembler.GotoIfAtLeast(ranges[middle].First, upper);
        WriteTree(assembler, ranges[..middle], checkedCalls);
        assembler.Place(upper);
        WriteTree(assembler, ranges[middle..], checkedCalls);
    }

    private static void WriteChecks(FilterAssembler assembler, SystemCallRule rule)
    {
        foreach (IReadOnlyList<ArgumentCheck> alternative in rule.Alternatives)
        {
            int next = assembler.NewLabel();
            foreach (ArgumentCheck check in alternative)
            {
                uint low = ArgumentsOffset + (uint)(check.Index * sizeof(ulong));
                WriteHalf(assembler, low, (uint)check.Mask, (uint)check.Value, next);
                WriteHalf(assembler, low + sizeof(uint), (uint)(check.Mask >> 32), (uint)(check.Value >> 32), next);
            }

            assembler.Answer(Allowed);
            assembler.Place(next);
        }

        assembler.Answer(Refused(rule.Refusal));
    }

    /// <summary>The machine compares 32 bits at a time; the half of x86-64 with the low bits comes first.</summary>
    private static void WriteHalf(FilterAssembler assembler, uint offset, uint mask, uint value, int otherwise)
    {
        if (mask == 0)
        {
            return;
        }

        assembler.Load(offset);
        if (mask != uint.MaxValue)
        {
            assembler.Mask(mask);
        }

        assembler.GotoUnlessEqual(value, otherwise);
    }

    /// <summary>The numbers from <paramref name="First"/> to the next range: a fixed verdict, or checks of a single call.</summary>
    private sealed record NumberRange(uint First, uint Verdict, SystemCallRule? Checked)
    {
        public bool HasAnswerOf(NumberRange other) => Checked is null && other.Checked is null && Verdict == other.Verdict;
    }
}
