namespace MountHelper;

/// <summary>
/// Whoever typed mount, as the kernel knows them: for root's own call this process, for the broker its peer. Never looked up by name.
/// </summary>
public sealed record CallerIdentity(uint Uid, uint Gid, IReadOnlyList<uint> Groups)
{
    /// <summary>Root may give a mount to everybody, and may name policy by options.</summary>
    public bool IsRoot => Uid == 0;
}
