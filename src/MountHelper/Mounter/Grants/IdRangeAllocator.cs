using System.Diagnostics.CodeAnalysis;
using MountHelper.Registry;
using ServiceHost.Linux;

namespace MountHelper.Grants;

/// <summary>
/// Finds a free range of the pool. It goes round: the next search starts where the last range ended, so that ids rest as long as possible
/// before another mount gets them. Free means: in no entry of the registry, and no process on the system has an id in it, because a hostile
/// server can outlive its mount. The caller holds the registry's lock.
/// </summary>
public static class IdRangeAllocator
{
    internal static bool TryReserve(
        MountRegistry registry,
        OwnedFd heldLock,
        uint idCount,
        MountQuota? quota,
        [NotNullWhen(true)] out MountReservation? reservation,
        [NotNullWhen(false)] out GrantRefusal? refusal)
    {
        reservation = null;
        AllocatorState state = AllocatorState.Read(heldLock);
        HostIdRange range = default;
        if (idCount != 0 && !TryFind(registry, state.NextBase, idCount, out range, out refusal))
        {
            return false;
        }

        RegistryEntry entry = new()
        {
            Id = registry.FreeId(state.NextId),
            Mounter = ProcessStamp.Current,
            MountNamespace = MountNamespaceId.Current,
            Range = range,
            Owner = quota?.Owner ?? 0,
            Type = quota?.Type ?? "",
            Time = DateTimeOffset.UtcNow,
        };
        Errno errno = registry.Write(entry);
        errno = errno.IsError ? errno : state.After(entry).Write(heldLock);
        if (errno.IsError)
        {
            refusal = new GrantRefusal(RefusalKind.Registry, errno, $"cannot write {registry.Path}: {errno}");
            return false;
        }

        (reservation, refusal) = (new MountReservation(registry, entry), null);
        return true;
    }

    private static bool TryFind(
        MountRegistry registry, uint start, uint count, out HostIdRange range, [NotNullWhen(false)] out GrantRefusal? refusal)
    {
        range = default;
        Errno errno = ProcessIds.ReadInPool(out List<uint> living);
        if (errno.IsError)
        {
            refusal = GrantRefusal.System("cannot see which ids processes have", errno);
            return false;
        }

        IEnumerable<HostIdRange> used = registry.ReadLive().Select(static e => e.Range).Where(static r => !r.IsEmpty);
        HostIdRange? found = Find([.. used, .. living.Select(static id => new HostIdRange(id, 1))], start, count);
        range = found ?? default;
        refusal = found is null
            ? new GrantRefusal(
                RefusalKind.NoFreeIds, Errno.EUSERS, "no range of user ids is free for another server", "unmount something")
            : null;
        return found is not null;
    }

    /// <summary>First fit from <paramref name="start"/> to the end of the pool, then from its beginning.</summary>
    public static HostIdRange? Find(IReadOnlyCollection<HostIdRange> used, uint start, uint count) =>
        FirstFit(used, IdPool.Contains(start) ? start : IdPool.First, count) ?? FirstFit(used, IdPool.First, count);

    private static HostIdRange? FirstFit(IReadOnlyCollection<HostIdRange> used, uint start, uint count)
    {
        ulong candidate = start;
        foreach (HostIdRange taken in used.OrderBy(static r => r.Base))
        {
            if (taken.End <= candidate)
            {
                continue;
            }

            if (taken.Base >= candidate + count)
            {
                break;
            }

            candidate = taken.End;
        }

        return candidate + count - 1 <= IdPool.Last ? new HostIdRange((uint)candidate, count) : null;
    }
}
