using ServiceHost.Fuse;
using ServiceHost.Linux;

namespace Servers.Passthrough;

// Names of objects that exist. Sticky directories, protected links and the like were checked by the kernel.
internal sealed partial class PassthroughFileSystem
{
    public override Errno Readlink(in RequestContext ctx, NodeId node, Span<byte> target, out int length)
    {
        length = 0;
        using Pinned<Inode> inode = _inodes.Pin(node);
        return inode.IsFound ? Libc.Readlinkat(inode.Fd, default, target, out length) : Errno.ESTALE;
    }

    /// <summary>
    /// Through /proc/self/fd, because AT_EMPTY_PATH asks for CAP_DAC_READ_SEARCH in the first user namespace. An O_TMPFILE file gets its
    /// first name this way as well.
    /// </summary>
    public override Errno Link(in RequestContext ctx, NodeId node, NodeId newParent, CString newName, out FuseEntryOut entry)
    {
        entry = default;
        using Pinned<Inode> inode = _inodes.Pin(node);
        using Pinned<Inode> directory = _inodes.Pin(newParent);
        if (!inode.IsFound || !directory.IsFound)
        {
            return Errno.ESTALE;
        }

        CString self = Reopener.NameOf(inode.Fd, stackalloc byte[Reopener.NameSize]);
        Errno errno = Libc.Linkat(_reopener.Directory, self, directory.Fd, newName, AtFlags.SymlinkFollow);
        if (errno.IsError)
        {
            return errno;
        }

        errno = Libc.Statx(inode.Fd, Attributes.Wanted, out Statx stat);
        if (errno.IsError)
        {
            return errno;
        }

        if (!_inodes.TryAddLookup(inode.Item))
        {
            return Errno.ESTALE;
        }

        FillEntry(node, stat, out entry);
        return Errno.None;
    }

    public override Errno Unlink(in RequestContext ctx, NodeId parent, CString name) => Remove(parent, name, AtFlags.None);

    public override Errno Rmdir(in RequestContext ctx, NodeId parent, CString name) => Remove(parent, name, AtFlags.RemoveDirectory);

    public override Errno Rename(
        in RequestContext ctx, NodeId parent, CString name, NodeId newParent, CString newName, RenameFlags flags)
    {
        using Pinned<Inode> directory = _inodes.Pin(parent);
        using Pinned<Inode> newDirectory = _inodes.Pin(newParent);
        return directory.IsFound && newDirectory.IsFound
            ? Libc.Renameat2(directory.Fd, name, newDirectory.Fd, newName, flags)
            : Errno.ESTALE;
    }

    private Errno Remove(NodeId parent, CString name, AtFlags flags)
    {
        using Pinned<Inode> directory = _inodes.Pin(parent);
        return directory.IsFound ? Libc.Unlinkat(directory.Fd, name, flags) : Errno.ESTALE;
    }
}
