using ServiceHost.Fuse;
using ServiceHost.Linux;

namespace Servers.Passthrough;

// Reading directories.
internal sealed partial class PassthroughFileSystem
{
    public override Errno Opendir(in RequestContext ctx, NodeId node, in FuseOpenIn request, out FuseOpenOut open)
    {
        open = default;
        using Pinned<Inode> inode = _inodes.Pin(node);
        if (!inode.IsFound)
        {
            return Errno.ESTALE;
        }

        if (!inode.Item.IsDirectory)
        {
            return Errno.ENOTDIR;
        }

        OpenFlags flags = OpenFlags.ReadOnly | OpenFlags.Directory | ((OpenFlags)request.Flags & OpenFlags.NoAccessTime);
        Errno errno = _reopener.Open(inode.Fd, flags, out FdCell directory);
        if (errno.IsError)
        {
            return NoDescriptors(errno);
        }

        if (!_handles.TryAdd(ref directory, inode.Item, flags, hasIoMode: false, mapsUnseen: false, out open.Fh))
        {
            directory.Close();
            return NoDescriptors(Errno.EMFILE);
        }

        open.OpenFlags = _options.Cache == CachePolicy.Always ? FopenFlags.KeepCache | FopenFlags.CacheDir : 0;
        return Errno.None;
    }

    public override Errno Releasedir(in RequestContext ctx, NodeId node, in FuseReleaseIn request) => Release(ctx, node, request);

    public override Errno Fsyncdir(in RequestContext ctx, NodeId node, FileHandle fh, FuseFsyncFlags flags) => Fsync(ctx, node, fh, flags);

    public override Errno Readdir(in RequestContext ctx, NodeId node, in FuseReadIn request, ref DirEntryWriter entries)
    {
        using Pinned<OpenFile> directory = _handles.Pin(request.Fh, node);
        if (!directory.IsFound || !directory.Item.Inode.IsDirectory)
        {
            return Errno.EBADF;
        }

        DirectoryStream stream = directory.Item.Stream ??= new DirectoryStream();
        ulong device = directory.Item.Inode.Key.Device;
        lock (stream.Gate)
        {
            Errno errno = stream.Seek(directory.Fd, request.Offset);
            while (errno.IsOk)
            {
                errno = stream.Peek(directory.Fd, out Dirent entry);
                if (errno.IsError || entry.Name.Length == 0
                    || !entries.TryAdd(entry.Name.Bytes, _numbers.Show(entry.Ino, device), (ulong)entry.NextOffset, entry.Type))
                {
                    break;
                }

                stream.Accept(entry);
            }

            // What was read before an error is delivered; the error comes again with the next request.
            return entries.Length > 0 ? Errno.None : errno;
        }
    }

    public override Errno Readdirplus(in RequestContext ctx, NodeId node, in FuseReadIn request, ref DirEntryPlusWriter entries)
    {
        using Pinned<OpenFile> directory = _handles.Pin(request.Fh, node);
        using Pinned<Inode> parent = _inodes.Pin(node);
        if (!directory.IsFound || !parent.IsFound || !parent.Item.IsDirectory)
        {
            return Errno.EBADF;
        }

        DirectoryStream stream = directory.Item.Stream ??= new DirectoryStream();
        lock (stream.Gate)
        {
            Errno errno = stream.Seek(directory.Fd, request.Offset);
            while (errno.IsOk)
            {
                errno = stream.Peek(directory.Fd, out Dirent dirent);
                if (errno.IsError || dirent.Name.Length == 0 || !entries.HasRoomFor(dirent.Name.Length))
                {
                    break;
                }

                AddWithAttributes(parent, dirent, ref entries);
                stream.Accept(dirent);
            }

            return entries.Length > 0 ? Errno.None : errno;
        }
    }

    /// <summary>
    /// An entry that cannot be looked up now (gone, forbidden, or descriptors are scarce) is given without attributes: the kernel asks when
    /// somebody wants it. There is room for the entry, so the lookup that it counts is always delivered.
    /// </summary>
    private void AddWithAttributes(scoped in Pinned<Inode> parent, scoped in Dirent dirent, ref DirEntryPlusWriter entries)
    {
        FuseEntryOut entry = default;
        if (!dirent.IsDotOrDotDot && !_budget.IsTight && LookupBelow(parent.Fd, dirent.Name, _budget.HighWater, out entry).IsError)
        {
            entry = default;
        }

        ulong ino = _numbers.Show(dirent.Ino, parent.Item.Key.Device);
        entries.TryAdd(entry, dirent.Name.Bytes, ino, (ulong)dirent.NextOffset, dirent.Type);
    }
}
