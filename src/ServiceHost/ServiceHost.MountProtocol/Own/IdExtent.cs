namespace ServiceHost.MountProtocol;

/// <summary>One line of an id map: <see cref="Count"/> ids from <see cref="Inside"/> are those from <see cref="Host"/> outside.</summary>
public readonly record struct IdExtent(uint Inside, uint Host, uint Count)
{
    public bool Contains(uint inside) => inside >= Inside && inside - Inside < Count;

    /// <summary>Not empty, and neither end runs over; (uid_t)-1 is no id.</summary>
    internal bool IsValid => Count > 0 && (ulong)Inside + Count <= uint.MaxValue && (ulong)Host + Count <= uint.MaxValue;
}
