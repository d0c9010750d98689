namespace MountHelper.Grants;

/// <summary>Ids as they stand on disk, first to last; what a server's namespace has to be able to name.</summary>
public readonly record struct IdSpan(uint First, uint Last)
{
    public ulong Count => (ulong)Last - First + 1;

    public static IdSpan Of(uint id) => new(id, id);
}
