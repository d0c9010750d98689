namespace MountHelper.Grants;

/// <summary>
/// Which ids a server's namespace has: always 0 to 65535, and more where root named them (idmap=LO-HI) or a user has own ids
/// above. All of them are given host ids of the private pool, never themselves: an id that means the same outside would be a right
/// outside. What is not in the map cannot be named inside.
/// </summary>
public sealed class IdMap
{
    public const uint BaseCount = 65536;

    // The kernel takes 340 lines; a user has at most 65536 groups, so there is a limit of ours to refuse by.
    public const int MaxExtents = 340;

    private readonly List<IdSpan> _spans;

    private IdMap(List<IdSpan> spans, uint count) => (_spans, Count) = (spans, count);

    /// <summary>How many host ids the map takes.</summary>
    public uint Count { get; }

    /// <summary>
    /// Joins overlapping and touching spans. Null when there are too many extents, when the ids exceed the pool, or when one names
    /// (uid_t)-1, which is no id.
    /// </summary>
    public static IdMap? Create(IEnumerable<IdSpan> extra)
    {
        ArgumentNullException.ThrowIfNull(extra);
        List<IdSpan> merged = [];
        foreach (IdSpan span in extra.Append(new IdSpan(0, BaseCount - 1)).OrderBy(static s => s.First))
        {
            if (span.Last < span.First || span.Last == uint.MaxValue)
            {
                return null;
            }

            if (merged.Count > 0 && span.First <= (ulong)merged[^1].Last + 1)
            {
                merged[^1] = new IdSpan(merged[^1].First, Math.Max(merged[^1].Last, span.Last));
            }
            else
            {
                merged.Add(span);
            }
        }

        ulong count = merged.Aggregate(0UL, static (sum, span) => sum + span.Count);
        return merged.Count <= MaxExtents && count <= IdPool.Count ? new IdMap(merged, (uint)count) : null;
    }

    /// <summary>The lines of the map on a range of <see cref="Count"/> ids.</summary>
    public IReadOnlyList<IdExtent> On(HostIdRange range)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(range.Count, Count);
        List<IdExtent> extents = [];
        uint host = range.Base;
        foreach (IdSpan span in _spans)
        {
            extents.Add(new IdExtent(span.First, host, (uint)span.Count));
            host += (uint)span.Count;
        }

        return extents;
    }

    public bool Contains(uint id) => _spans.Exists(span => span.First <= id && id <= span.Last);
}
