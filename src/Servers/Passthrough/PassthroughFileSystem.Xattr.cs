using ServiceHost.Fuse;
using ServiceHost.Linux;

namespace Servers.Passthrough;

// Extended attributes, ACLs among them. The worker's current directory is /proc/self/fd, so a descriptor's number is a path.
// trusted.* belongs to root of the machine, which the server is not: such names do not exist here. Whether the source would hide them from
// this process is up to its filesystem, and in developer mode it hides nothing, so that is not left to the source.
internal sealed partial class PassthroughFileSystem
{
    public override Errno Getxattr(in RequestContext ctx, NodeId node, CString name, Span<byte> value, out int length)
    {
        length = 0;
        using Pinned<Inode> inode = _inodes.Pin(node);
        if (!inode.IsFound)
        {
            return Errno.ESTALE;
        }

        if (TrustedNames.Has(name.Bytes))
        {
            return Errno.ENODATA;
        }

        CString self = Reopener.NameOf(inode.Fd, stackalloc byte[Reopener.NameSize]);
        return Libc.Getxattr(self, name, value, out length);
    }

    public override Errno Listxattr(in RequestContext ctx, NodeId node, Span<byte> list, out int length)
    {
        length = 0;
        using Pinned<Inode> inode = _inodes.Pin(node);
        if (!inode.IsFound)
        {
            return Errno.ESTALE;
        }

        CString self = Reopener.NameOf(inode.Fd, stackalloc byte[Reopener.NameSize]);
        Errno errno = Libc.Listxattr(self, list, out length);
        length = errno.IsOk && !list.IsEmpty ? TrustedNames.Remove(list[..length]) : length;
        return errno;
    }

    public override Errno Setxattr(
        in RequestContext ctx, NodeId node, CString name, ReadOnlySpan<byte> value, uint flags, FuseSetxattrFlags extraFlags)
    {
        using Pinned<Inode> inode = _inodes.Pin(node);
        if (!inode.IsFound)
        {
            return Errno.ESTALE;
        }

        if (TrustedNames.Has(name.Bytes))
        {
            return Errno.EPERM;
        }

        // As good as a set-user-ID bit on the native path, see RefusesMode.
        if (!_options.AllowSuid && name.Bytes.SequenceEqual("security.capability"u8))
        {
            return Errno.EPERM;
        }

        CString self = Reopener.NameOf(inode.Fd, stackalloc byte[Reopener.NameSize]);
        bool clearSgid = (extraFlags & FuseSetxattrFlags.AclKillSgid) != 0;
        using WithoutFsetid guard = WithoutFsetid.When(clearSgid, _identity, _identity.Gid);
        Errno errno = Libc.Setxattr(self, name, value, (XattrFlags)flags);
        return errno.IsOk && clearSgid ? ClearSgid(inode.Fd, self) : errno;
    }

    public override Errno Removexattr(in RequestContext ctx, NodeId node, CString name)
    {
        using Pinned<Inode> inode = _inodes.Pin(node);
        if (!inode.IsFound)
        {
            return Errno.ESTALE;
        }

        if (TrustedNames.Has(name.Bytes))
        {
            return Errno.EPERM;
        }

        CString self = Reopener.NameOf(inode.Fd, stackalloc byte[Reopener.NameSize]);
        return Libc.Removexattr(self, name);
    }

    // The source clears the bit by itself unless this process is in the file's group, which says nothing about the caller.
    private Errno ClearSgid(Fd fd, CString self)
    {
        Errno errno = Libc.Statx(fd, StatxMask.Mode, out Statx stat);
        if (errno.IsError || (stat.Mode & ModeBits.SetGroupId) == 0)
        {
            return errno;
        }

        return Libc.Fchmodat(_reopener.Directory, self, (uint)(stat.Mode & ModeBits.PermissionMask & ~ModeBits.SetGroupId));
    }
}
