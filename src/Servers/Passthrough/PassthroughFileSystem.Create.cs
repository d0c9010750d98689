using ServiceHost.Fuse;
using ServiceHost.Linux;

namespace Servers.Passthrough;

// New objects. They are made under the caller's ids and with the caller's umask, so that default ACLs, setgid directories and quotas do what they
// do natively. Room for the inode is checked first: an object that was made must also be reported.
internal sealed partial class PassthroughFileSystem
{
    // The extension carries the parent's group alone; a kernel that sends more finds the first ones used.
    private const int MaxGroups = 32;

    public override Errno Mkdir(in RequestContext ctx, NodeId parent, in FuseMkdirIn request, CString name, out FuseEntryOut entry)
    {
        entry = default;
        using Pinned<Inode> directory = _inodes.Pin(parent);
        Errno errno = CheckCreate(directory, request.Mode, ModeBits.Directory);
        if (errno.IsError)
        {
            return errno;
        }

        errno = Impersonate(ctx, out ThreadCredentials caller);
        using (caller)
        {
            if (errno.IsOk)
            {
                Libc.Umask(request.Umask);
                errno = Libc.Mkdirat(directory.Fd, name, request.Mode);
            }
        }

        return errno.IsOk ? LookupBelow(directory.Fd, name, int.MaxValue, out entry) : errno;
    }

    public override Errno Mknod(in RequestContext ctx, NodeId parent, in FuseMknodIn request, CString name, out FuseEntryOut entry)
    {
        entry = default;
        using Pinned<Inode> directory = _inodes.Pin(parent);
        Errno errno = CheckCreate(directory, request.Mode, (ModeBits)request.Mode & ModeBits.TypeMask);
        if (errno.IsError)
        {
            return errno;
        }

        errno = Impersonate(ctx, out ThreadCredentials caller);
        using (caller)
        {
            if (errno.IsOk)
            {
                Libc.Umask(request.Umask);
                errno = Libc.Mknodat(directory.Fd, name, request.Mode, DeviceNumber.Widen(request.Rdev));
            }
        }

        return errno.IsOk ? LookupBelow(directory.Fd, name, int.MaxValue, out entry) : errno;
    }

    public override Errno Symlink(in RequestContext ctx, NodeId parent, CString name, CString target, out FuseEntryOut entry)
    {
        entry = default;
        using Pinned<Inode> directory = _inodes.Pin(parent);
        Errno errno = CheckCreate(directory, 0, ModeBits.SymbolicLink);
        if (errno.IsError)
        {
            return errno;
        }

        errno = Impersonate(ctx, out ThreadCredentials caller);
        using (caller)
        {
            errno = errno.IsOk ? Libc.Symlinkat(target, directory.Fd, name) : errno;
        }

        return errno.IsOk ? LookupBelow(directory.Fd, name, int.MaxValue, out entry) : errno;
    }

    public override Errno Create(
        in RequestContext ctx, NodeId parent, in FuseCreateIn request, CString name, out FuseEntryOut entry, out FuseOpenOut open)
    {
        // Always O_EXCL. If the file has appeared since the kernel looked, opening it here would skip the permission check, which the kernel
        // leaves out for what it believes to be new. ESTALE makes it look again.
        Errno errno = CreateOpen(
            ctx, parent, request, name, OpenFlags.Create | OpenFlags.Exclusive | OpenFlags.NoFollow, out entry, out open);
        bool mayExist = ((OpenFlags)request.Flags & OpenFlags.Exclusive) == 0;
        return errno == Errno.EEXIST && mayExist ? Errno.ESTALE : errno;
    }

    public override Errno Tmpfile(in RequestContext ctx, NodeId parent, in FuseCreateIn request, out FuseEntryOut entry, out FuseOpenOut open)
    {
        OpenFlags exclusive = (OpenFlags)request.Flags & OpenFlags.Exclusive;
        return CreateOpen(
            ctx, parent, request, CString.FromTerminated(".\0"u8), OpenFlags.TemporaryFile | exclusive, out entry, out open);
    }

    private Errno CreateOpen(
        in RequestContext ctx,
        NodeId parent,
        in FuseCreateIn request,
        CString name,
        OpenFlags how,
        out FuseEntryOut entry,
        out FuseOpenOut open)
    {
        entry = default;
        open = default;
        using Pinned<Inode> directory = _inodes.Pin(parent);
        Errno errno = CheckCreate(directory, request.Mode, ModeBits.Regular);
        if (errno.IsError)
        {
            return errno;
        }

        if (!_handles.HasRoom)
        {
            return NoDescriptors(Errno.EMFILE);
        }

        OpenFlags asked = SourceFlags((OpenFlags)request.Flags & ~OpenFlags.Truncate);
        OpenFlags flags = asked;
        BackingKind kind = ChooseBackingOfNew(directory, request);
        if (kind == BackingKind.ReadWrite)
        {
            flags = (flags & ~OpenFlags.AccessModeMask) | OpenFlags.ReadWrite;
        }

        FdCell file = default;
        errno = Impersonate(ctx, out ThreadCredentials caller);
        using (caller)
        {
            if (errno.IsOk)
            {
                Libc.Umask(request.Umask);
                errno = Libc.Openat(directory.Fd, name, flags | how, request.Mode & (uint)ModeBits.PermissionMask, out file);
            }
        }

        return errno.IsOk ? PublishOpen(ref file, flags, kind, asked, out entry, out open) : errno;
    }

    /// <summary>The node is derived from the open file itself, never from its name, which may mean something else by now.</summary>
    private Errno PublishOpen(
        ref FdCell file, OpenFlags flags, BackingKind kind, OpenFlags asked, out FuseEntryOut entry, out FuseOpenOut open)
    {
        open = default;
        Errno errno = _reopener.Open(file.Borrow(), OpenFlags.Path, out FdCell inodeFd);
        if (errno.IsError)
        {
            entry = default;
            file.Close();
            return errno;
        }

        errno = Publish(ref inodeFd, int.MaxValue, out entry);
        if (errno.IsError)
        {
            file.Close();
            return errno;
        }

        using Pinned<Inode> inode = _inodes.Pin(entry.NodeId);
        IoGrant grant = BeginIo(inode.Item, file.Borrow(), kind, IsForWriting(asked));
        errno = RegisterFile(inode, ref file, flags, grant, asked, out open);
        if (errno.IsError)
        {
            _inodes.Forget(entry.NodeId, 1);
        }
        else if (MapsUnseen(grant, asked))
        {
            (entry.AttrValid, entry.AttrValidNsec) = (0, 0);
        }

        return errno;
    }

    private Errno CheckCreate(scoped in Pinned<Inode> directory, uint mode, ModeBits type)
    {
        if (!directory.IsFound)
        {
            return Errno.ESTALE;
        }

        if (RefusesMode((ModeBits)mode, type))
        {
            return Errno.EPERM;
        }

        return _budget.Count >= _budget.CreateLimit ? NoRoom() : Errno.None;
    }

    /// <summary>
    /// The mount is nosuid, but the source is not: unless the administrator said so, nobody leaves a privileged file there.
    /// </summary>
    private bool RefusesMode(ModeBits mode, ModeBits type)
    {
        ModeBits refused = type == ModeBits.Directory ? ModeBits.SetUserId : ModeBits.SetUserId | ModeBits.SetGroupId;
        return !_options.AllowSuid && (mode & refused) != 0;
    }

    private Errno Impersonate(in RequestContext ctx, out ThreadCredentials caller)
    {
        Span<uint> groups = stackalloc uint[MaxGroups];
        int count = Math.Min(ctx.Groups.Count, MaxGroups);
        for (int i = 0; i < count; i++)
        {
            groups[i] = ctx.Groups[i];
        }

        Errno errno = ThreadCredentials.Assume(_identity, ctx.Uid, ctx.Gid, groups[..count], out caller);
        return errno == Errno.EOVERFLOW ? Unmapped(ctx.Uid, ctx.Gid) : errno;
    }

    private Errno Unmapped(uint uid, uint gid)
    {
        _counters.CountUnmappedCaller();
        _complaints.UnmappedId(uid, gid);
        return Errno.EOVERFLOW;
    }
}
