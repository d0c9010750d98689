using ServiceHost.Fuse;
using ServiceHost.Linux;

namespace Servers.Passthrough;

/// <summary>
/// One open file or directory of the kernel: its own open file description in the source. Objects are reused; <see cref="State"/> says which
/// life this is. The inode is pinned as long as the file is open.
/// </summary>
internal sealed class OpenFile(int index) : IPinnable
{
    public SlotState State;

    /// <summary>Set before the slot is live, closed after the last pin.</summary>
    public FdCell Fd;

    public int Index { get; } = index;

    public FileHandle Handle => new(new SlotNumber(Index, State.Generation).Value);

    public Inode Inode { get; private set; } = null!;

    public OpenFlags Flags { get; private set; }

    /// <summary>A file, not a directory: it counts in the I/O mode of its inode.</summary>
    public bool HasIoMode { get; private set; }

    /// <summary>
    /// Read and written in passthrough, so that a mapping of it may be written. Such a mapping is the backing file's own: the source has new times
    /// and the kernel keeps showing those it was told before.
    /// </summary>
    public bool MapsUnseen { get; private set; }

    public bool IsWritable => (Flags & OpenFlags.AccessModeMask) is OpenFlags.WriteOnly or OpenFlags.ReadWrite;

    /// <summary>The position in a directory; made by the first READDIR and kept for the next life.</summary>
    public DirectoryStream? Stream { get; set; }

    public OpenFile? NextFree { get; set; }

    public Fd Borrow() => Fd.Borrow();

    public void Describe(Inode inode, OpenFlags flags, bool hasIoMode, bool mapsUnseen)
    {
        MapsUnseen = mapsUnseen;
        Inode = inode;
        HasIoMode = hasIoMode;
        Flags = flags;
        Stream?.Reset();
    }
}
