using ServiceHost.Fuse;
using ServiceHost.Linux;

namespace Servers.Passthrough;

// The contents of open files.
internal sealed partial class PassthroughFileSystem
{
    /// <summary>
    /// One COPY_FILE_RANGE does at most this much: a copy of many gigabytes on a slow disk would outlast the mount's request timeout. The caller goes on
    /// with the rest.
    /// </summary>
    private const long MaxCopy = 128L << 20;

    public override Errno Read(in RequestContext ctx, NodeId node, in FuseReadIn request, Span<byte> data, out int count)
    {
        count = 0;
        using Pinned<OpenFile> file = _handles.Pin(request.Fh, node);
        if (!file.IsFound)
        {
            return Errno.EBADF;
        }

        // A short answer means end of file to the kernel, so a short read goes on until there is nothing left.
        while (count < data.Length)
        {
            Errno errno = Libc.Pread(file.Fd, data[count..], (long)request.Offset + count, out int read);
            if (errno.IsError)
            {
                return count == 0 ? errno : Errno.None;
            }

            if (read == 0)
            {
                break;
            }

            count += read;
        }

        return Errno.None;
    }

    public override Errno Write(in RequestContext ctx, NodeId node, in FuseWriteIn request, ReadOnlySpan<byte> data, out int count)
    {
        count = 0;
        using Pinned<OpenFile> file = _handles.Pin(request.Fh, node);
        if (!file.IsFound)
        {
            return Errno.EBADF;
        }

        bool isCached = (request.WriteFlags & FuseWriteFlags.Cache) != 0;
        if (isCached && (file.Item.Flags & OpenFlags.Append) != 0)
        {
            // A page of the cache belongs at its offset, which an append-only description cannot do.
            return Errno.EPERM;
        }

        PwriteFlags flags = WriteFlags((OpenFlags)request.Flags, isAtOffset: isCached || _isWriteback);
        using WithoutFsetid guard = WithoutFsetid.When((request.WriteFlags & FuseWriteFlags.KillSuidgid) != 0, _identity, ctx.Gid);
        while (count < data.Length)
        {
            Errno errno = Libc.Pwrite(file.Fd, data[count..], (long)request.Offset + count, flags, out int written);
            if (errno.IsError)
            {
                return count == 0 ? errno : Errno.None;
            }

            count += written;
        }

        return Errno.None;
    }

    /// <summary>
    /// The kernel checked the permission but leaves clearing set-id bits to us, without telling whether the caller may keep them: they are
    /// cleared, as for everyone but root.
    /// </summary>
    public override Errno Fallocate(in RequestContext ctx, NodeId node, in FuseFallocateIn request)
    {
        using Pinned<OpenFile> file = _handles.Pin(request.Fh, node);
        using WithoutFsetid guard = WithoutFsetid.When(true, _identity, ctx.Gid);
        return file.IsFound
            ? Libc.Fallocate(file.Fd, (FallocateMode)request.Mode, (long)request.Offset, (long)request.Length)
            : Errno.EBADF;
    }

    public override Errno Lseek(in RequestContext ctx, NodeId node, in FuseLseekIn request, out ulong offset)
    {
        offset = 0;
        if (_isWriteback)
        {
            // The kernel does not send its dirty pages first, so the source would call a hole what has just been written, and a sparse copy would lose
            // it. ENOSYS makes the kernel treat whole files as data from then on.
            return Errno.ENOSYS;
        }

        using Pinned<OpenFile> file = _handles.Pin(request.Fh, node);
        if (!file.IsFound)
        {
            return Errno.EBADF;
        }

        // It moves the position of the description, which nothing here uses.
        Errno errno = Libc.Lseek(file.Fd, (long)request.Offset, (SeekWhence)request.Whence, out long position);
        offset = errno.IsOk ? (ulong)position : 0;
        return errno;
    }

    public override Errno CopyFileRange(in RequestContext ctx, NodeId node, in FuseCopyFileRangeIn request, out ulong copied)
    {
        copied = 0;
        using Pinned<OpenFile> source = _handles.Pin(request.FhIn, node);
        using Pinned<OpenFile> target = _handles.Pin(request.FhOut, request.NodeIdOut);
        if (!source.IsFound || !target.IsFound)
        {
            return Errno.EBADF;
        }

        using WithoutFsetid guard = WithoutFsetid.When(true, _identity, ctx.Gid);
        long length = (long)Math.Min(request.Len, (ulong)MaxCopy);
        Errno errno = Libc.CopyFileRange(source.Fd, (long)request.OffIn, target.Fd, (long)request.OffOut, length, out long done);
        copied = (ulong)done;
        return errno;
    }

    private static PwriteFlags WriteFlags(OpenFlags flags, bool isAtOffset)
    {
        PwriteFlags result = (flags & OpenFlags.Sync) == OpenFlags.Sync ? PwriteFlags.Sync
            : (flags & OpenFlags.DataSync) != 0 ? PwriteFlags.DataSync
            : PwriteFlags.None;

        // Somebody may have appended to the source since the kernel saw its size: the end is where it is now.
        bool appends = !isAtOffset && (flags & OpenFlags.Append) != 0;
        return appends ? result | PwriteFlags.Append : result;
    }
}
