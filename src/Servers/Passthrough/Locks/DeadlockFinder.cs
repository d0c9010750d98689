using ServiceHost.Fuse;

namespace Servers.Passthrough;

/// <summary>
/// Follows who waits for whom. An owner has many files and may, with several threads, wait for several locks at once; each wait leads to all
/// holders of what it wants. flock locks are left out, as the kernel does. The caller holds the lock that guards the waiters.
/// </summary>
internal sealed class DeadlockFinder(OwnerTable owners, IReadOnlyList<LockWaiter> waiters)
{
    // A ring of more owners is not found: the search holds up everybody who wants to wait. (The kernel gives up after ten steps.)
    private const int MaxOwners = 64;

    /// <summary>Whether one of those whom <paramref name="request"/> would wait for waits, directly or not, for its owner.</summary>
    public bool WouldCloseARing(in LockRequest request)
    {
        if (request.IsFlock)
        {
            return false;
        }

        HashSet<LockOwner> seen = [];
        Queue<LockRequest> waits = new([request]);
        while (waits.TryDequeue(out LockRequest wait))
        {
            foreach (LockOwner holder in owners.FindHolders(wait))
            {
                if (holder == request.Owner)
                {
                    return true;
                }

                if (seen.Count < MaxOwners && seen.Add(holder))
                {
                    Follow(holder, waits);
                }
            }
        }

        return false;
    }

    private void Follow(LockOwner owner, Queue<LockRequest> waits)
    {
        foreach (LockWaiter waiter in waiters)
        {
            if (waiter.Request.Owner == owner && !waiter.Request.IsFlock)
            {
                waits.Enqueue(waiter.Request);
            }
        }
    }
}
