using ServiceHost.Fuse;
using ServiceHost.Linux;

namespace Servers.Passthrough;

// The first open of a file decides how its data goes until the last one is closed: through this server, or past it.
internal sealed partial class PassthroughFileSystem
{
    private readonly IoModes _modes = new();
    private readonly SourceFilesystems _filesystems = new();
    private readonly BackingChooser _backing;
    private readonly ReadOnlyTwin? _twin;

    /// <summary>What became of opens, for whoever operates the mount.</summary>
    public IoModeCounters Modes => _modes.Counters;

    /// <summary>
    /// Opens the source, with what the caller asked for or more, and says what of it may be registered. A caller who may only read does not
    /// notice that the file cannot be opened for writing.
    /// </summary>
    private Errno OpenFirst(scoped in Pinned<Inode> inode, bool writes, ref OpenFlags flags, out FdCell file, out BackingKind kind)
    {
        kind = ChooseBacking(inode, flags, writes);
        if (kind == BackingKind.ReadWrite)
        {
            OpenFlags both = (flags & ~OpenFlags.AccessModeMask) | OpenFlags.ReadWrite;
            Errno errno = _reopener.Open(inode.Fd, both, out file);
            if (errno.IsOk)
            {
                flags = both;
                return errno;
            }

            // For whatever reason: if it stands in the caller's way too, the caller's own open meets it again.
            kind = writes ? BackingKind.None : BackingKind.ReadOnly;
        }

        return _reopener.Open(inode.Fd, flags, out file);
    }

    private BackingKind ChooseBacking(scoped in Pinned<Inode> inode, OpenFlags flags, bool writes)
    {
        if (!_modes.CanRegister
            || Libc.Statx(inode.Fd, StatxMask.Type | StatxMask.Mode | StatxMask.Size, out Statx stat).IsError)
        {
            return BackingKind.None;
        }

        BackingKind kind = _backing.Choose(stat, writes, isEmptied: (flags & OpenFlags.Truncate) != 0);
        if (kind != BackingKind.None && _filesystems.IsStacked(inode.Item.Key.Device, inode.Fd))
        {
            return BackingKind.None;
        }

        bool mustBeUnwritable = kind == BackingKind.ReadOnly && _options is { Backing: BackingPolicy.ReadOnly, IsReadOnly: false };
        return mustBeUnwritable && IsWritable(inode.Fd) ? BackingKind.None : kind;
    }

    /// <summary>For a file that is about to be made in <paramref name="directory"/>, by an open that creates.</summary>
    private BackingKind ChooseBackingOfNew(scoped in Pinned<Inode> directory, in FuseCreateIn request)
    {
        if (!_modes.CanRegister)
        {
            return BackingKind.None;
        }

        BackingKind kind = _backing.Choose((ModeBits)(request.Mode & ~request.Umask) & ModeBits.PermissionMask, writes: true);
        return kind != BackingKind.None && _filesystems.IsStacked(directory.Item.Key.Device, directory.Fd) ? BackingKind.None : kind;
    }

    private bool IsWritable(Fd fd) =>
        Libc.FaccessatForWriting(_reopener.Directory, Reopener.NameOf(fd, stackalloc byte[Reopener.NameSize])).IsOk;

    /// <summary>Puts the inode's mode in force; ordinary I/O is what is left when <paramref name="file"/> cannot be registered.</summary>
    private IoGrant BeginIo(Inode inode, Fd file, BackingKind kind, bool writes)
    {
        IoMode ordinary = _options.Cache == CachePolicy.Never ? IoMode.Direct : IoMode.Cached;
        if (kind == BackingKind.ReadOnly && _twin is not null)
        {
            // With an error the cell is empty, and its number is not valid.
            _ = _twin.Open(inode, OpenFlags.ReadOnly | OpenFlags.NonBlocking, out FdCell twin);
            IoGrant grant = _modes.Begin(ref inode.Io, ordinary, twin.Borrow(), isWritable: false, writes);
            twin.Close();
            return grant;
        }

        Fd backing = kind == BackingKind.None ? new Fd(-1) : file;
        return _modes.Begin(ref inode.Io, ordinary, backing, isWritable: kind == BackingKind.ReadWrite, writes);
    }

    private void Answer(in IoGrant grant, Inode inode, bool writes, ref FuseOpenOut open)
    {
        FopenFlags wished = FopenFlags.ParallelDirectWrites;
        wished |= _options.Cache == CachePolicy.Always ? FopenFlags.KeepCache : 0;
        wished |= NeedsFlush(grant, inode, writes) ? 0 : FopenFlags.NoFlush;
        grant.Answer(wished, ref open);
    }

    /// <summary>
    /// A close has something to say when it ends locks, or when the source may only then know what became of a write. Pages that were mapped and
    /// changed are written at a close as well, but in passthrough they are the source's own.
    /// </summary>
    private bool NeedsFlush(in IoGrant grant, Inode inode, bool writes) =>
        _locks is not null
        || (writes && (grant.Mode != IoMode.Passthrough || _filesystems.TellsByClose(inode.Key.Device, inode.Borrow())));

    private Errno Busy()
    {
        _complaints.WriterTurnedAway();
        return Errno.ETXTBSY;
    }
}
