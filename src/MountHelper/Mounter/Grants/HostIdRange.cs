namespace MountHelper.Grants;

/// <summary>Host ids <see cref="Base"/> up to and without <see cref="End"/>, private to one mount.</summary>
public readonly record struct HostIdRange(uint Base, uint Count)
{
    public uint End => Base + Count;

    public bool IsEmpty => Count == 0;

    public bool Contains(uint id) => id - Base < Count && id >= Base;

    public bool Overlaps(HostIdRange other) => Base < other.End && other.Base < End;
}
