namespace Servers.Ext4;

/// <summary>A part of a file in one state, in bytes, as FIEMAP tells it. <paramref name="Physical"/> is 0 for holes and inline data.</summary>
public readonly record struct FileExtent(long Offset, long Length, long Physical, RunState State)
{
    public long End => Offset + Length;
}
