using ServiceHost.Fuse;
using ServiceHost.Linux;

namespace Servers.Passthrough;

/// <summary>
/// One inode of the source that the kernel knows, held by an O_PATH descriptor: the inode number cannot be given to another file while
/// it is open. Objects are reused; <see cref="State"/> says which life this is.
/// </summary>
internal sealed class Inode(int index) : IPinnable
{
    public SlotState State;

    /// <summary>Set before the slot is live, closed after the last pin: whoever holds a pin may borrow it without a lock.</summary>
    public FdCell Fd;

    public int Index { get; } = index;

    public NodeId NodeId => new(new SlotNumber(Index, State.Generation).Value);

    public ModeBits FileType { get; private set; }

    public bool IsDirectory => FileType == ModeBits.Directory;

    public bool IsRegular => FileType == ModeBits.Regular;

    public InodeKey Key { get; private set; }

    /// <summary>Lookups that the kernel has not given back. The table's lock guards it, and the three that follow.</summary>
    public ulong Nlookup { get; set; }

    public bool IsHashed { get; set; }

    /// <summary>Chain in the hash table, or in the list of free slots.</summary>
    public Inode? Next { get; set; }

    public long BirthSeconds { get; private set; }

    public uint BirthNanoseconds { get; private set; }

    /// <summary>Used since the pruner last looked. A hint: races only cost precision.</summary>
    public bool WasUsed { get; set; }

    /// <summary>Open files and directories; the kernel keeps such an inode whatever we ask.</summary>
    public int OpenCount;

    /// <summary>How the data of its open files goes.</summary>
    public InodeIo Io;

    /// <summary>Open files through which it may be changed without the kernel's FUSE noticing: see <see cref="OpenFile.MapsUnseen"/>.</summary>
    public int UnseenMappers;

    public Fd Borrow() => Fd.Borrow();

    public void Describe(in Statx stat)
    {
        Key = InodeKey.Of(stat);
        FileType = stat.FileType;
        BirthSeconds = stat.BirthTime.Seconds;
        BirthNanoseconds = stat.BirthTime.Nanoseconds;
    }

    /// <summary>
    /// A local filesystem does not reuse a number while we hold the inode; a network filesystem may. Type and birth time tell a successor apart.
    /// </summary>
    public bool IsSameObject(in Statx stat) =>
        FileType == stat.FileType && BirthSeconds == stat.BirthTime.Seconds && BirthNanoseconds == stat.BirthTime.Nanoseconds;
}
