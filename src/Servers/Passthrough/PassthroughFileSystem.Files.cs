using ServiceHost.Fuse;
using ServiceHost.Linux;

namespace Servers.Passthrough;

// Opening and closing. Every open of the kernel is an open file description of its own in the source.
internal sealed partial class PassthroughFileSystem
{
    /// <summary>
    /// What of open(2)'s flags reaches the source. O_APPEND and O_SYNC are done per write (they can change by fcntl, and a page of the cache is written
    /// through whatever handle there is); O_DIRECT would need aligned buffers of whoever happens to write; O_NOFOLLOW has done its work.
    /// </summary>
    private const OpenFlags KeptFlags =
        OpenFlags.AccessModeMask | OpenFlags.Truncate | OpenFlags.NonBlocking | OpenFlags.LargeFile | OpenFlags.NoAccessTime;

    public override Errno Open(in RequestContext ctx, NodeId node, in FuseOpenIn request, out FuseOpenOut open)
    {
        open = default;
        using Pinned<Inode> inode = _inodes.Pin(node);
        if (!inode.IsFound)
        {
            return Errno.ESTALE;
        }

        // FIFOs, sockets and devices are opened by the kernel itself; opening one here could block or have effects.
        if (!inode.Item.IsRegular)
        {
            return inode.Item.IsDirectory ? Errno.EISDIR : Errno.ENXIO;
        }

        OpenFlags asked = SourceFlags((OpenFlags)request.Flags);
        OpenFlags flags = asked;
        bool writes = IsForWriting(asked);
        bool isOpen = _modes.TryJoin(ref inode.Item.Io, writes, out IoGrant grant);
        if (grant.IsBusy)
        {
            return Busy();
        }

        Errno errno = OpenSource(ctx, inode, request, isOpen, ref flags, out FdCell file, out BackingKind kind);
        if (errno.IsError)
        {
            if (isOpen)
            {
                _modes.Leave(ref inode.Item.Io);
            }

            return NoDescriptors(errno);
        }

        grant = isOpen ? grant : BeginIo(inode.Item, file.Borrow(), kind, writes);
        errno = RegisterFile(inode, ref file, flags, grant, asked, out open);
        if (errno.IsOk && MapsUnseen(grant, asked))
        {
            // What the kernel was told before the open; what it is told from here on has no time to be believed.
            _ = _notifier?.InvalInode(node, -1, 0);
        }

        return errno;
    }

    public override Errno Release(in RequestContext ctx, NodeId node, in FuseReleaseIn request)
    {
        bool closed = _handles.TryClose(request.Fh);
        _locks?.Retry();
        return closed ? Errno.None : Errno.EBADF;
    }

    /// <summary>
    /// close(2) of one descriptor: the source may have a late error to tell, and this owner's fcntl locks end here. Where neither can be, ENOSYS
    /// keeps the kernel from asking again for the life of the mount: a round trip less for each close.
    /// </summary>
    public override Errno Flush(in RequestContext ctx, NodeId node, in FuseFlushIn request)
    {
        if (_isCloseSilent)
        {
            return Errno.ENOSYS;
        }

        using Pinned<OpenFile> file = _handles.Pin(request.Fh, node);
        _locks?.ReleaseOwner(node, request.LockOwner);
        return file.IsFound ? Libc.FlushByClose(file.Fd) : Errno.EBADF;
    }

    public override Errno Fsync(in RequestContext ctx, NodeId node, FileHandle fh, FuseFsyncFlags flags)
    {
        using Pinned<OpenFile> file = _handles.Pin(fh, node);
        if (!file.IsFound)
        {
            return Errno.EBADF;
        }

        return (flags & FuseFsyncFlags.DataSync) != 0 ? Libc.Fdatasync(file.Fd) : Libc.Fsync(file.Fd);
    }

    private OpenFlags SourceFlags(OpenFlags requested)
    {
        OpenFlags flags = requested & KeptFlags;

        // With the writeback cache the kernel reads the rest of a page that it writes a part of, through the same handle.
        bool needsRead = _isWriteback && (flags & OpenFlags.AccessModeMask) == OpenFlags.WriteOnly;
        return needsRead ? (flags & ~OpenFlags.AccessModeMask) | OpenFlags.ReadWrite : flags;
    }

    private bool MapsUnseen(in IoGrant grant, OpenFlags asked) =>
        grant.Mode == IoMode.Passthrough && (asked & OpenFlags.AccessModeMask) == OpenFlags.ReadWrite && !_attrValid.IsZero;

    private static bool IsForWriting(OpenFlags flags) => (flags & (OpenFlags.AccessModeMask | OpenFlags.Truncate)) != 0;

    private Errno OpenSource(
        in RequestContext ctx,
        scoped in Pinned<Inode> inode,
        in FuseOpenIn request,
        bool isOpen,
        ref OpenFlags flags,
        out FdCell file,
        out BackingKind kind)
    {
        kind = BackingKind.None;
        using WithoutFsetid guard = WithoutFsetid.When((request.OpenFlags & FuseOpenInFlags.KillSuidgid) != 0, _identity, ctx.Gid);
        Errno errno = isOpen
            ? _reopener.Open(inode.Fd, flags, out file)
            : OpenFirst(inode, IsForWriting(flags), ref flags, out file, out kind);
        if (errno == Errno.EPERM && ((OpenFlags)request.Flags & OpenFlags.Append) != 0)
        {
            // An append-only file (chattr +a) cannot be opened for writing in any other way.
            flags |= OpenFlags.Append;
            errno = _reopener.Open(inode.Fd, flags, out file);
        }

        return errno;
    }

    /// <summary>Takes over the descriptor and what the inode's mode counts for it, also when there is no room for them.</summary>
    private Errno RegisterFile(
        scoped in Pinned<Inode> inode, ref FdCell file, OpenFlags flags, in IoGrant grant, OpenFlags asked, out FuseOpenOut open)
    {
        open = default;
        if (grant.IsBusy)
        {
            file.Close();
            return Busy();
        }

        if (!_handles.TryAdd(ref file, inode.Item, flags, hasIoMode: true, MapsUnseen(grant, asked), out FileHandle handle))
        {
            _modes.Leave(ref inode.Item.Io);
            file.Close();
            return NoDescriptors(Errno.EMFILE);
        }

        open.Fh = handle;
        Answer(grant, inode.Item, IsForWriting(asked), ref open);
        return Errno.None;
    }

    private Errno NoDescriptors(Errno errno)
    {
        if (errno != Errno.EMFILE)
        {
            return errno;
        }

        _counters.CountNoHandles();
        _complaints.NoRoomForHandles(_options.HandleLimit);
        return Errno.ENFILE;
    }
}
