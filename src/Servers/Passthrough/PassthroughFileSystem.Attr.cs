using ServiceHost.Fuse;
using ServiceHost.Linux;

namespace Servers.Passthrough;

// Attributes. An open file and its inode have the same ones, so the handle that comes with GETATTR is not needed.
internal sealed partial class PassthroughFileSystem
{
    private const uint KeepId = uint.MaxValue;

    public override Errno Getattr(in RequestContext ctx, NodeId node, FileHandle? fh, out FuseAttrOut attr)
    {
        attr = default;
        using Pinned<Inode> inode = _inodes.Pin(node);
        return inode.IsFound ? FillAttr(inode, out attr) : Errno.ESTALE;
    }

    public override Errno Statx(in RequestContext ctx, NodeId node, FileHandle? fh, uint flags, uint mask, out FuseStatxOut statx)
    {
        statx = default;
        using Pinned<Inode> inode = _inodes.Pin(node);
        if (!inode.IsFound)
        {
            return Errno.ESTALE;
        }

        Errno errno = Libc.Statx(inode.Fd, Attributes.Wanted, out Statx stat);
        Validity valid = ValidityOf(inode, stat);
        statx.AttrValid = valid.Seconds;
        statx.AttrValidNsec = valid.Nanoseconds;
        Attributes.Fill(stat, _numbers.Show(stat), out statx.Stat);
        return errno;
    }

    /// <summary>
    /// The owner first, because a change of owner clears mode bits that the same request may set. A ctime cannot be set: the source
    /// counts its own.
    /// </summary>
    public override Errno Setattr(in RequestContext ctx, NodeId node, in FuseSetattrIn request, out FuseAttrOut attr)
    {
        attr = default;
        using Pinned<Inode> inode = _inodes.Pin(node);
        if (!inode.IsFound)
        {
            return Errno.ESTALE;
        }

        Errno errno = SetOwner(inode, request);
        errno = errno.IsOk ? SetMode(inode, request) : errno;
        errno = errno.IsOk ? SetSize(inode, node, request, ctx.Gid) : errno;
        errno = errno.IsOk ? SetTimes(inode, request) : errno;
        return errno.IsOk ? FillAttr(inode, out attr) : errno;
    }

    private Errno SetOwner(scoped in Pinned<Inode> inode, in FuseSetattrIn request)
    {
        if ((request.Valid & (FuseSetattrValid.Uid | FuseSetattrValid.Gid)) == 0)
        {
            return Errno.None;
        }

        uint uid = (request.Valid & FuseSetattrValid.Uid) != 0 ? request.Uid : KeepId;
        uint gid = (request.Valid & FuseSetattrValid.Gid) != 0 ? request.Gid : KeepId;
        Errno errno = Libc.Fchownat(inode.Fd, default, uid, gid, AtFlags.EmptyPath | AtFlags.SymlinkNoFollow);

        // The arguments are right by construction, so EINVAL can only mean an id that the user namespace does not map.
        return errno == Errno.EINVAL ? Unmapped(uid, gid) : errno;
    }

    private Errno SetMode(scoped in Pinned<Inode> inode, in FuseSetattrIn request)
    {
        if ((request.Valid & FuseSetattrValid.Mode) == 0)
        {
            return Errno.None;
        }

        if (RefusesMode((ModeBits)request.Mode, inode.Item.FileType))
        {
            return Errno.EPERM;
        }

        uint mode = request.Mode & (uint)ModeBits.PermissionMask;
        if (_options.Dot is { } dot && inode.Item.IsDirectory && ((ModeBits)mode & ModeBits.SetGroupId) != 0)
        {
            return Libc.Fchmodat(inode.Fd, dot.Path, mode);
        }

        CString self = Reopener.NameOf(inode.Fd, stackalloc byte[Reopener.NameSize]);
        return Libc.Fchmodat(_reopener.Directory, self, mode);
    }

    private Errno SetSize(scoped in Pinned<Inode> inode, NodeId node, in FuseSetattrIn request, uint callersGroup)
    {
        if ((request.Valid & FuseSetattrValid.Size) == 0)
        {
            return Errno.None;
        }

        if (!inode.Item.IsRegular)
        {
            return inode.Item.IsDirectory ? Errno.EISDIR : Errno.EINVAL;
        }

        using WithoutFsetid guard = WithoutFsetid.When((request.Valid & FuseSetattrValid.KillSuidgid) != 0, _identity, callersGroup);
        if ((request.Valid & FuseSetattrValid.Fh) != 0)
        {
            // The right to change the size was given at open and stays when the mode or the owner changes afterwards.
            using Pinned<OpenFile> file = _handles.Pin(request.Fh, node);
            if (file.IsFound && file.Item.IsWritable)
            {
                return Libc.Ftruncate(file.Fd, (long)request.Size);
            }
        }

        CString self = Reopener.NameOf(inode.Fd, stackalloc byte[Reopener.NameSize]);
        return Libc.Truncate(self, (long)request.Size);
    }

    private static Errno SetTimes(scoped in Pinned<Inode> inode, in FuseSetattrIn request)
    {
        if ((request.Valid & (FuseSetattrValid.Atime | FuseSetattrValid.Mtime)) == 0)
        {
            return Errno.None;
        }

        Timespec access = Time(
            request.Valid, FuseSetattrValid.Atime, FuseSetattrValid.AtimeNow, request.Atime, request.AtimeNsec);
        Timespec modify = Time(
            request.Valid, FuseSetattrValid.Mtime, FuseSetattrValid.MtimeNow, request.Mtime, request.MtimeNsec);
        return Libc.Utimens(inode.Fd, access, modify);
    }

    private static Timespec Time(FuseSetattrValid valid, FuseSetattrValid set, FuseSetattrValid now, ulong seconds, uint nanoseconds) =>
        (valid & set) == 0 ? Timespec.Omit
        : (valid & now) != 0 ? Timespec.Now
        : new Timespec((long)seconds, nanoseconds);

    private Errno FillAttr(scoped in Pinned<Inode> inode, out FuseAttrOut attr)
    {
        Errno errno = Libc.Statx(inode.Fd, Attributes.Wanted, out Statx stat);
        Validity valid = ValidityOf(inode, stat);
        attr = new FuseAttrOut { AttrValid = valid.Seconds, AttrValidNsec = valid.Nanoseconds };
        Attributes.Fill(stat, _numbers.Show(stat), out attr.Attr);
        return errno;
    }

    /// <summary>
    /// Any write takes set-id bits away, and the kernel does not look again after a direct one: these bits are never believed from its memory. Nor
    /// are the times of what may be written through a mapping in passthrough.
    /// </summary>
    private Validity ValidityOf(scoped in Pinned<Inode> inode, in Statx stat) =>
        stat.IsSetId || Volatile.Read(ref inode.Item.UnseenMappers) != 0 ? default : _attrValid;
}
