namespace Servers.Passthrough;

/// <summary>Numbers for whoever operates the mount. Any thread.</summary>
internal sealed class PassthroughCounters
{
    private long _noRoom;
    private long _noHandles;
    private long _unmappedCallers;

    /// <summary>Lookups and creations that failed with ENFILE because no inode could be pruned.</summary>
    public long NoRoom => Interlocked.Read(ref _noRoom);

    /// <summary>Opens that failed with ENFILE because too many files are open.</summary>
    public long NoHandles => Interlocked.Read(ref _noHandles);

    /// <summary>Creations and chowns that failed with EOVERFLOW because an id is outside the map.</summary>
    public long UnmappedCallers => Interlocked.Read(ref _unmappedCallers);

    public void CountNoRoom() => Interlocked.Increment(ref _noRoom);

    public void CountNoHandles() => Interlocked.Increment(ref _noHandles);

    public void CountUnmappedCaller() => Interlocked.Increment(ref _unmappedCallers);
}
