namespace Servers.Ext4;

/// <summary>
/// The blocks that hold the filesystem's own structures. No file may claim one: a crafted map could otherwise show an inode table, or
/// once there is writing, overwrite it. Built while the volume is opened and not changed afterwards.
/// </summary>
internal sealed class SystemZones(Superblock superblock)
{
    private readonly List<Zone> _pending = [];
    private Zone[] _zones = [];

    /// <summary>Remembers an area; <paramref name="owner"/> is the inode that may map it, 0 for none.</summary>
    public void Add(FsBlock start, uint count, uint owner)
    {
        // Neighbours of one owner become one zone, which keeps the table of a large flex_bg filesystem small.
        if (_pending.Count > 0 && _pending[^1] is var last && last.Owner == owner && last.End == start.Value)
        {
            _pending[^1] = last with { Count = last.Count + count };
            return;
        }

        _pending.Add(new Zone(start.Value, count, owner, _pending.Count));
    }

    /// <summary>
    /// Sorts what was added. An area that starts inside an earlier one is corruption, as it is for the kernel; the other order is not
    /// noticed there, and mounting what the kernel mounts counts more here.
    /// </summary>
    public void Seal()
    {
        Zone[] zones = [.. _pending];
        Array.Sort(zones, static (a, b) => a.Start != b.Start ? a.Start.CompareTo(b.Start) : a.Order.CompareTo(b.Order));
        for (int i = 1; i < zones.Length; i++)
        {
            bool sameStart = zones[i].Start == zones[i - 1].Start;
            if (zones[i].Start < zones[i - 1].End && (sameStart || zones[i].Order > zones[i - 1].Order))
            {
                throw Ext4Exception.Corrupted(
                    CorruptionReason.SystemZone, zones[i].Owner, zones[i].Start, zones[i].Count, zones[i - 1].End);
            }
        }

        _zones = zones;
        _pending.Clear();
    }

    /// <summary>Whether an inode may map these blocks: inside the filesystem and none of them a structure.</summary>
    public bool IsValid(FsBlock start, ulong count, uint inode)
    {
        ulong first = start.Value;
        if (first <= superblock.FirstDataBlock || first >= superblock.BlocksCount || count > superblock.BlocksCount - first)
        {
            return false;
        }

        // Zones in front of the last one that starts before our end may still reach into us only if they overlap each other.
        int index = LastStartingBefore(first + count);
        return index < 0 || _zones[index].End <= first || _zones[index].Owner == inode && inode != 0;
    }

    private int LastStartingBefore(ulong block)
    {
        int low = 0;
        int high = _zones.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = _zones[middle].Start < block ? (middle + 1, high) : (low, middle);
        }

        return low - 1;
    }

    private readonly record struct Zone(ulong Start, ulong Count, uint Owner, int Order)
    {
        public ulong End => Start + Count;
    }
}
