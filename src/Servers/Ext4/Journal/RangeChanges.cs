namespace Servers.Ext4;

/// <summary>The parts of a file's map that fast commits changed: runs that take the place of what the file's own map says, the last one said wins.</summary>
internal sealed class RangeChanges
{
    private readonly SortedSet<BlockRun> _runs = new(Comparer<BlockRun>.Create(static (a, b) => a.FileBlock.CompareTo(b.FileBlock)));

    private BlockRun[] _sorted = [];

    /// <summary>Nothing of the old map is left: the file was deleted.</summary>
    public void Clear()
    {
        _runs.Clear();
        _runs.Add(BlockRun.Hole(0, uint.MaxValue));
    }

    public void Set(BlockRun run)
    {
        uint end = run.FileBlock + run.Count;
        while (FirstOverlap(run.FileBlock, end) is { } old)
        {
            _runs.Remove(old);
            if (old.FileBlock < run.FileBlock)
            {
                _runs.Add(old with { Count = run.FileBlock - old.FileBlock });
            }

            if (old.FileBlock + old.Count > end)
            {
                _runs.Add(old.From(end));
            }
        }

        _runs.Add(run);
    }

    /// <summary>Ends the building: from now on threads may ask.</summary>
    public void Seal()
    {
        _sorted = [.. _runs];
        _runs.Clear();
    }

    /// <summary>The changed run from a block on; or false, and the next block that is changed.</summary>
    public bool TryFind(uint fileBlock, out BlockRun run, out uint next)
    {
        int low = 0, high = _sorted.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = _sorted[middle].FileBlock <= fileBlock ? (middle + 1, high) : (low, middle);
        }

        next = low < _sorted.Length ? _sorted[low].FileBlock : uint.MaxValue;
        bool found = low > 0 && fileBlock - _sorted[low - 1].FileBlock < _sorted[low - 1].Count;
        run = found ? _sorted[low - 1].From(fileBlock) : default;
        return found;
    }

    private BlockRun? FirstOverlap(uint first, uint end)
    {
        SortedSet<BlockRun> before = _runs.GetViewBetween(BlockRun.Hole(0, 1), BlockRun.Hole(end - 1, 1));
        // The default, which an empty view gives, has no blocks.
        BlockRun last = before.Max;
        return last.Count != 0 && last.FileBlock + last.Count > first ? last : null;
    }
}
