using ServiceHost.Fuse;
using ServiceHost.Linux;

namespace Servers.Passthrough;

/// <summary>
/// All open files and directories. A handle carries its slot's generation and is only good for the node it was opened on, so a stale or made-up
/// handle is EBADF and never somebody else's file.
/// </summary>
internal sealed class HandleTable(InodeTable inodes, IoModes modes, int limit) : IPinTable<OpenFile>
{
    private const int InitialCapacity = 256;

    private readonly Lock _gate = new();
    private OpenFile?[] _slots = new OpenFile?[InitialCapacity];
    private OpenFile? _free;

    // Index 0 is left out, so that no handle is 0: a forgotten field is not a valid handle.
    private int _slotCount = 1;
    private int _count;

    public int Count => Volatile.Read(ref _count);

    public bool HasRoom => Count < limit;

    /// <summary>
    /// Takes over <paramref name="fd"/> and adds a pin to <paramref name="inode"/>, which the caller has pinned. False when there are too many: the
    /// descriptor stays the caller's. <paramref name="hasIoMode"/>: the open counts in the inode's I/O mode, and leaves it when it ends.
    /// </summary>
    public bool TryAdd(ref FdCell fd, Inode inode, OpenFlags flags, bool hasIoMode, bool mapsUnseen, out FileHandle handle)
    {
        handle = default;
        if (Interlocked.Increment(ref _count) > limit)
        {
            Interlocked.Decrement(ref _count);
            return false;
        }

        OpenFile file = TakeFree();
        Interlocked.Increment(ref inode.OpenCount);
        inode.State.PinAgain();
        Interlocked.Add(ref inode.UnseenMappers, mapsUnseen ? 1 : 0);
        file.Describe(inode, flags, hasIoMode, mapsUnseen);
        file.Fd = fd;
        fd = default;
        file.State.Revive();
        handle = file.Handle;
        return true;
    }

    /// <summary>The file behind <paramref name="handle"/> if it is open and belongs to <paramref name="node"/>.</summary>
    public Pinned<OpenFile> Pin(FileHandle handle, NodeId node)
    {
        SlotNumber number = new(handle.Value);
        OpenFile? file = Find(number);
        if (file is null || !file.State.TryPin(number.Generation))
        {
            return default;
        }

        if (file.Inode.NodeId != node)
        {
            Unpin(file);
            return default;
        }

        return new Pinned<OpenFile>(this, file);
    }

    /// <summary>RELEASE. False when the handle is not open; a second RELEASE closes nothing.</summary>
    public bool TryClose(FileHandle handle)
    {
        SlotNumber number = new(handle.Value);
        OpenFile? file = Find(number);
        if (file is null || !file.State.TryRetire(number.Generation, out bool last))
        {
            return false;
        }

        if (last)
        {
            Free(file);
        }

        return true;
    }

    public void Unpin(OpenFile file)
    {
        if (file.State.Unpin())
        {
            Free(file);
        }
    }

    /// <summary>Closes everything. Nobody may hold a pin any more.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            foreach (OpenFile? file in _slots)
            {
                file?.Fd.Close();
            }

            _slots = new OpenFile?[InitialCapacity];
            _free = null;
            _slotCount = 1;
            _count = 0;
        }
    }

    private OpenFile? Find(SlotNumber number)
    {
        OpenFile?[] slots = Volatile.Read(ref _slots);
        return number.Index < (uint)slots.Length ? slots[number.Index] : null;
    }

    private OpenFile TakeFree()
    {
        lock (_gate)
        {
            if (_free is OpenFile free)
            {
                _free = free.NextFree;
                free.NextFree = null;
                return free;
            }

            if (_slotCount == _slots.Length)
            {
                OpenFile?[] slots = new OpenFile?[_slots.Length * 2];
                _slots.CopyTo(slots, 0);
                Volatile.Write(ref _slots, slots);
            }

            OpenFile file = new(_slotCount);
            _slots[_slotCount++] = file;
            return file;
        }
    }

    private void Free(OpenFile file)
    {
        file.Fd.Close();
        Interlocked.Add(ref file.Inode.UnseenMappers, file.MapsUnseen ? -1 : 0);
        if (file.HasIoMode)
        {
            modes.Leave(ref file.Inode.Io);
        }

        Interlocked.Decrement(ref file.Inode.OpenCount);
        inodes.Unpin(file.Inode);
        lock (_gate)
        {
            if (file.State.TryAdvance())
            {
                file.NextFree = _free;
                _free = file;
            }
        }

        Interlocked.Decrement(ref _count);
    }
}
