namespace ServiceHost.Linux;

/// <summary>
/// What a filter says to one call. It is allowed when all checks of one alternative hold, and refused with
/// <paramref name="Refusal"/> otherwise; one alternative without checks allows it always, no alternative never.
/// </summary>
public sealed record SystemCallRule(X64Call Call, Errno Refusal, IReadOnlyList<IReadOnlyList<ArgumentCheck>> Alternatives)
{
    /// <summary>What a refused call gets unless its rule has another answer: never a signal, the filesystem lives on.</summary>
    public static Errno StandardRefusal => Errno.EPERM;

    public bool IsUnconditional => Alternatives.Any(static checks => checks.Count == 0);

    public static SystemCallRule Allow(X64Call call) => new(call, StandardRefusal, [[]]);

    /// <summary>Allowed when every check holds.</summary>
    public static SystemCallRule AllowWhen(X64Call call, params ArgumentCheck[] checks) => new(call, StandardRefusal, [checks]);

    /// <summary>Allowed when argument <paramref name="index"/>, a 32-bit number, is one of these.</summary>
    public static SystemCallRule AllowOneOf(X64Call call, int index, params uint[] values) =>
        new(call, StandardRefusal, [.. values.Select(value => (ArgumentCheck[])[ArgumentCheck.Int(index, value)])]);

    /// <summary>Never allowed, with an answer that makes the caller try another way.</summary>
    public static SystemCallRule Refuse(X64Call call, Errno answer) => new(call, answer, []);

    internal Errno Decide(ReadOnlySpan<ulong> arguments)
    {
        foreach (IReadOnlyList<ArgumentCheck> checks in Alternatives)
        {
            if (HoldAll(checks, arguments))
            {
                return Errno.None;
            }
        }

        return Refusal;
    }

    private static bool HoldAll(IReadOnlyList<ArgumentCheck> checks, ReadOnlySpan<ulong> arguments)
    {
        foreach (ArgumentCheck check in checks)
        {
            if (!check.Holds(arguments))
            {
                return false;
            }
        }

        return true;
    }
}
