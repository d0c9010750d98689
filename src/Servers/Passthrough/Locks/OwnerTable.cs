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
    private readonly Dictionary<(NodeId Node, LockOwner Owner), OwnedFd> _owners = [];

    /// <summary>
    /// The owner's description with a reference for the caller (DangerousRelease gives it back); null when it has none and
    /// <paramref name="open"/> is false.
    /// </summary>
    public Errno Acquire(NodeId node, Fd inode, LockOwner owner, bool open, out OwnedFd? description)
    {
        if (TryFind(node, owner, out description) || !open)
        {
            return Errno.None;
        }

        Errno errno = OpenForLocks(inode, out OwnedFd opened);
        if (errno.IsError)
        {
            return errno;
        }

        lock (_gate)
        {
            if (_owners.TryGetValue((node, owner), out OwnedFd? other))
            {
                opened.Dispose();
                opened = other;
            }
            else if (_owners.Count >= limit)
            {
                opened.Dispose();
                return Errno.ENOLCK;
            }
            else
            {
                _owners.Add((node, owner), opened);
            }

            description = AddReference(opened);
        }

        return Errno.None;
    }

    /// <summary>All locks of the owner on this file end.</summary>
    public bool Release(NodeId node, LockOwner owner)
    {
        lock (_gate)
        {
            if (!_owners.Remove((node, owner), out OwnedFd? description))
            {
                return false;
            }

            description.Dispose();
            return true;
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            foreach (OwnedFd description in _owners.Values)
            {
                description.Dispose();
            }

            _owners.Clear();
        }
    }

    private bool TryFind(NodeId node, LockOwner owner, out OwnedFd? description)
    {
        lock (_gate)
        {
            description = _owners.TryGetValue((node, owner), out OwnedFd? found) ? AddReference(found) : null;
            return description is not null;
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

    private static OwnedFd AddReference(OwnedFd description)
    {
        bool added = false;
        description.DangerousAddRef(ref added);
        return description;
    }
}
