using ServiceHost.Linux;

namespace Servers.Passthrough;

/// <summary>A part of a file that an owner has locked; <paramref name="End"/> belongs to it.</summary>
internal readonly record struct HeldRange(long Start, long End, LockType Type)
{
    /// <summary>Whether another owner's lock cannot be had beside this one.</summary>
    public bool Conflicts(in HeldRange other) =>
        Overlaps(other) && (Type == LockType.Write || other.Type == LockType.Write);

    /// <summary>
    /// What is held after <paramref name="change"/> was granted: it replaces what was there, and grows together with what touches it and is of its
    /// type.
    /// </summary>
    public static HeldRange[] Apply(HeldRange[] held, HeldRange change)
    {
        List<HeldRange> after = new(held.Length + 2);
        foreach (HeldRange range in held)
        {
            if (range.Type == change.Type && range.Touches(change))
            {
                change = new HeldRange(Math.Min(range.Start, change.Start), Math.Max(range.End, change.End), change.Type);
            }
            else if (!range.Overlaps(change))
            {
                after.Add(range);
            }
            else
            {
                AddRest(after, range, change);
            }
        }

        if (change.Type != LockType.Unlock)
        {
            after.Add(change);
        }

        return [.. after];
    }

    private static void AddRest(List<HeldRange> after, HeldRange range, HeldRange change)
    {
        if (range.Start < change.Start)
        {
            after.Add(range with { End = change.Start - 1 });
        }

        if (range.End > change.End)
        {
            after.Add(range with { Start = change.End + 1 });
        }
    }

    private bool Overlaps(in HeldRange other) => Start <= other.End && other.Start <= End;

    // Offsets are not negative, so the subtraction cannot overflow as an addition at the end of the file would.
    private bool Touches(in HeldRange other) => Start - 1 <= other.End && other.Start - 1 <= End;
}
