using ServiceHost.Fuse;
using ServiceHost.Linux;

namespace Servers.Passthrough;

/// <summary>
/// All inodes that the kernel knows, by node id and by what they are. A node id is a slot and its generation, so no id ever means two
/// inodes during the life of a mount, and a stale one finds nothing.
/// <para>Lookup counts, hash chains and the free list change under one lock, which is never held across a system call. That makes LOOKUP
/// against FORGET of the same inode simple: either the lookup comes first and the count does not reach zero, or the forget does and the lookup
/// makes a new node.</para>
/// </summary>
internal sealed class InodeTable : IPinTable<Inode>
{
    private const int InitialCapacity = 1024;
    private const int RootIndex = 1;

    private readonly Lock _gate = new();
    private readonly InodeBudget _budget;
    private Inode?[] _slots = new Inode?[InitialCapacity];
    private Inode?[] _buckets = new Inode?[InitialCapacity];
    private Inode? _free;
    private int _slotCount = RootIndex + 1;

    public InodeTable(InodeBudget budget, ref FdCell root, in Statx stat)
    {
        _budget = budget;
        Inode inode = new(RootIndex);
        inode.Describe(stat);
        inode.Fd = root;
        root = default;
        inode.State.Revive();
        inode.Nlookup = ulong.MaxValue;
        _slots[RootIndex] = inode;
        Link(inode);
        _budget.Add();
    }

    /// <summary>Slots ever used, free ones included: the range that a walk over the table covers.</summary>
    public int SlotCount => Volatile.Read(ref _slotCount);

    public Pinned<Inode> Pin(NodeId node)
    {
        SlotNumber number = new(node.Value);
        Inode?[] slots = Volatile.Read(ref _slots);
        Inode? inode = number.Index < (uint)slots.Length ? slots[number.Index] : null;
        if (inode is null || !inode.State.TryPin(number.Generation))
        {
            return default;
        }

        if (!inode.WasUsed)
        {
            inode.WasUsed = true;
        }

        return new Pinned<Inode>(this, inode);
    }

    public void Unpin(Inode inode)
    {
        if (inode.State.Unpin())
        {
            Free(inode);
        }
    }

    /// <summary>
    /// Counts one lookup of the inode that <paramref name="fd"/> refers to, and takes the descriptor over. False when it is a new inode and
    /// <paramref name="limit"/> are alive already.
    /// </summary>
    public bool TryIntern(ref FdCell fd, in Statx stat, int limit, out NodeId node)
    {
        InodeKey key = InodeKey.Of(stat);
        bool isKnown;
        bool hasRoom;
        lock (_gate)
        {
            Inode? inode = FindLive(key, stat);
            isKnown = inode is not null;
            hasRoom = isKnown || _budget.TryAdd(limit);
            if (!isKnown && hasRoom)
            {
                inode = Insert(ref fd, stat);
            }

            node = default;
            if (inode is not null)
            {
                inode.Nlookup++;
                node = inode.NodeId;
            }
        }

        fd.Close();
        return hasRoom;
    }

    /// <summary>One more lookup of an inode that the caller has pinned (LINK); false when the kernel has just forgotten it.</summary>
    public bool TryAddLookup(Inode inode)
    {
        lock (_gate)
        {
            if (inode.Nlookup == 0)
            {
                return false;
            }

            inode.Nlookup += inode.Index == RootIndex ? 0UL : 1UL;
            return true;
        }
    }

    /// <summary>FORGET. An id that is not alive, and the root, are ignored.</summary>
    public void Forget(NodeId node, ulong nlookup)
    {
        SlotNumber number = new(node.Value);
        bool last = false;
        Inode? inode;
        lock (_gate)
        {
            inode = number.Index < (uint)_slots.Length ? _slots[number.Index] : null;
            if (inode is null || number.Index == RootIndex || inode.State.Generation != number.Generation || inode.Nlookup == 0)
            {
                return;
            }

            inode.Nlookup -= Math.Min(nlookup, inode.Nlookup);
            if (inode.Nlookup != 0)
            {
                return;
            }

            Unlink(inode);
            inode.State.TryRetire(number.Generation, out last);
        }

        if (last)
        {
            Free(inode);
        }
    }

    /// <summary>The node id of an inode that is alive; none when the kernel does not know it.</summary>
    public NodeId Find(in Statx stat)
    {
        lock (_gate)
        {
            return FindLive(InodeKey.Of(stat), stat)?.NodeId ?? default;
        }
    }

    /// <summary>
    /// One step of the pruner's clock: the inode in this slot if the kernel could forget it, nobody has it open and it was not used since the last
    /// call. Reads without the lock; the worst outcome of a race is a prune that the kernel ignores.
    /// </summary>
    public NodeId ColdAt(int index)
    {
        Inode? inode = Volatile.Read(ref _slots)[index];
        if (inode is null || index == RootIndex || inode.Nlookup == 0 || Volatile.Read(ref inode.OpenCount) != 0)
        {
            return default;
        }

        if (inode.WasUsed)
        {
            inode.WasUsed = false;
            return default;
        }

        return inode.NodeId;
    }

    /// <summary>Closes everything. Nobody may hold a pin any more.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            foreach (Inode? inode in _slots)
            {
                inode?.Fd.Close();
            }

            _slots = new Inode?[InitialCapacity];
            _buckets = new Inode?[InitialCapacity];
            _free = null;
            _slotCount = RootIndex + 1;
        }
    }

    private Inode? FindLive(InodeKey key, in Statx stat)
    {
        Inode? inode = _buckets[BucketOf(key)];
        while (inode is not null && inode.Key != key)
        {
            inode = inode.Next;
        }

        if (inode is not null && !inode.IsSameObject(stat))
        {
            // The number means another file now. The old node stays until it is forgotten, but nothing finds it by key again.
            Unlink(inode);
            return null;
        }

        return inode;
    }

    private Inode Insert(ref FdCell fd, in Statx stat)
    {
        Inode inode = TakeFree();
        inode.Describe(stat);
        inode.Fd = fd;
        fd = default;
        inode.Nlookup = 0;
        inode.OpenCount = 0;
        inode.WasUsed = false;
        inode.State.Revive();
        Link(inode);
        return inode;
    }

    private Inode TakeFree()
    {
        if (_free is Inode free)
        {
            _free = free.Next;
            free.Next = null;
            return free;
        }

        if (_slotCount == _slots.Length)
        {
            Grow();
        }

        Inode inode = new(_slotCount);
        _slots[_slotCount] = inode;
        Volatile.Write(ref _slotCount, _slotCount + 1);
        return inode;
    }

    // Readers go on with the old array, which has every inode that they can know.
    private void Grow()
    {
        Inode?[] slots = new Inode?[_slots.Length * 2];
        _slots.CopyTo(slots, 0);
        Volatile.Write(ref _slots, slots);
        _buckets = new Inode?[slots.Length];
        foreach (Inode? inode in slots)
        {
            if (inode is { IsHashed: true })
            {
                Link(inode);
            }
        }
    }

    private void Link(Inode inode)
    {
        ref Inode? head = ref _buckets[BucketOf(inode.Key)];
        inode.Next = head;
        inode.IsHashed = true;
        head = inode;
    }

    private void Unlink(Inode inode)
    {
        if (!inode.IsHashed)
        {
            return;
        }

        ref Inode? head = ref _buckets[BucketOf(inode.Key)];
        if (head == inode)
        {
            head = inode.Next;
        }
        else
        {
            Inode before = head!;
            while (before.Next != inode)
            {
                before = before.Next!;
            }

            before.Next = inode.Next;
        }

        inode.Next = null;
        inode.IsHashed = false;
    }

    private int BucketOf(InodeKey key) => key.Hash() & (_buckets.Length - 1);

    private void Free(Inode inode)
    {
        inode.Fd.Close();
        lock (_gate)
        {
            if (inode.State.TryAdvance())
            {
                inode.Next = _free;
                _free = inode;
            }
        }

        _budget.Remove();
    }
}
