using ServiceHost.Fuse;
using ServiceHost.Linux;

namespace Servers.Passthrough;

/// <summary>
/// The open file descriptions that stand for lock owners. A process' fcntl locks on one file become locks of one description, so that they exclude
/// other owners here and processes on the source alike, and closing the description drops them all at once.
/// </summary>
internal sealed class OwnerTable(Reopener reopener, int limit) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<NodeId, Dictionary<LockOwner, LockDescription>> _files = []; // under _gate
    private int _count; // under _gate, of all files

    /// <summary>
    /// The owner's description with a reference to its descriptor for the caller (DangerousRelease gives it back); null when it has none and
    /// <paramref name="open"/> is false.
    /// </summary>
    public Errno Acquire(NodeId node, Fd inode, LockOwner owner, bool open, out LockDescription? description)
    {
        if (TryFind(node, owner, out description) || !open)
        {
            return Errno.None;
        }

        Errno errno = OpenForLocks(inode, out OwnedFd opened);
        return errno.IsOk ? Add(node, owner, opened, out description) : errno;
    }

    /// <summary>All locks of the owner on this file end.</summary>
    public bool Release(NodeId node, LockOwner owner)
    {
        lock (_gate)
        {
            if (!_files.TryGetValue(node, out Dictionary<LockOwner, LockDescription>? owners)
                || !owners.Remove(owner, out LockDescription? description))
            {
                return false;
            }

            description.Descriptor.Dispose();
            _count--;
            if (owners.Count == 0)
            {
                _files.Remove(node);
            }

            return true;
        }
    }

    /// <summary>The owners on this mount that hold what is asked for; whoever holds it on the source is not known.</summary>
    public List<LockOwner> FindHolders(in LockRequest request)
    {
        List<LockOwner> holders = [];
        HeldRange wanted = request.Held;
        lock (_gate)
        {
            if (_files.TryGetValue(request.Node, out Dictionary<LockOwner, LockDescription>? owners))
            {
                foreach ((LockOwner owner, LockDescription description) in owners)
                {
                    if (owner != request.Owner && description.IsInTheWayOf(wanted))
                    {
                        holders.Add(owner);
                    }
                }
            }
        }

        return holders;
    }

    public void Dispose()
    {
        lock (_gate)
        {
            foreach (LockDescription description in _files.Values.SelectMany(static owners => owners.Values))
            {
                description.Descriptor.Dispose();
            }

            _files.Clear();
            _count = 0;
        }
    }

    private bool TryFind(NodeId node, LockOwner owner, out LockDescription? description)
    {
        lock (_gate)
        {
            description = _files.TryGetValue(node, out Dictionary<LockOwner, LockDescription>? owners)
                && owners.TryGetValue(owner, out LockDescription? found) ? AddReference(found) : null;
            return description is not null;
        }
    }

    /// <summary>Another thread of the owner may have added one meanwhile; that one counts.</summary>
    private Errno Add(NodeId node, LockOwner owner, OwnedFd opened, out LockDescription? description)
    {
        lock (_gate)
        {
            description = _files.TryGetValue(node, out Dictionary<LockOwner, LockDescription>? owners) ? owners.GetValueOrDefault(owner) : null;
            if (description is null && _count < limit)
            {
                description = new LockDescription(opened);
                (owners ?? (_files[node] = [])).Add(owner, description);
                _count++;
            }
            else
            {
                opened.Dispose();
            }

            if (description is null)
            {
                return Errno.ENOLCK;
            }

            AddReference(description);
            return Errno.None;
        }
    }

    /// <summary>A write lock needs a description that may write, a read lock one that may read; what there is decides.</summary>
    private Errno OpenForLocks(Fd inode, out OwnedFd description)
    {
        Errno errno = reopener.Open(inode, OpenFlags.ReadWrite | OpenFlags.NonBlocking, out description);
        if (errno == Errno.EACCES || errno == Errno.EPERM || errno == Errno.EROFS || errno == Errno.ETXTBSY)
        {
            errno = reopener.Open(inode, OpenFlags.ReadOnly | OpenFlags.NonBlocking, out description);
        }

        return errno == Errno.EACCES
            ? reopener.Open(inode, OpenFlags.WriteOnly | OpenFlags.NonBlocking, out description)
            : errno;
    }

    private static LockDescription AddReference(LockDescription description)
    {
        bool added = false;
        description.Descriptor.DangerousAddRef(ref added);
        return description;
    }
}
