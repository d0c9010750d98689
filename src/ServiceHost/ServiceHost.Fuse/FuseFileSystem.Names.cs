using ServiceHost.Linux;

namespace ServiceHost.Fuse;

// Names and the objects behind them. Every entry that is sent with a node id counts one lookup of that node, and only
// Forget takes it back. Names are one component: not empty, no '/', at most FuseProtocol.MaxName bytes; "." and ".." only reach Lookup,
// and only after FuseInitFlags.ExportSupport was agreed.
public abstract partial class FuseFileSystem
{
    /// <summary>LOOKUP. ENOENT is not cached; success with node id 0 is, for the entry's timeout.</summary>
    public virtual Errno Lookup(in RequestContext ctx, NodeId parent, CString name, out FuseEntryOut entry)
    {
        entry = default;
        return Errno.ENOENT;
    }

    /// <summary>FORGET and BATCH_FORGET (once per element): the kernel gives back <paramref name="nlookup"/> lookups.</summary>
    public virtual void Forget(in RequestContext ctx, NodeId node, ulong nlookup)
    {
    }

    /// <summary>READLINK: <paramref name="target"/> is as long as a target may be; no NUL is written.</summary>
    public virtual Errno Readlink(in RequestContext ctx, NodeId node, Span<byte> target, out int length)
    {
        length = 0;
        return Errno.EINVAL;
    }

    /// <summary>SYMLINK.</summary>
    public virtual Errno Symlink(in RequestContext ctx, NodeId parent, CString name, CString target, out FuseEntryOut entry)
    {
        entry = default;
        return Errno.EPERM;
    }

    /// <summary>MKNOD: devices, FIFOs, sockets, and regular files where CREATE is ENOSYS. rdev has the kernel's 32-bit encoding.</summary>
    public virtual Errno Mknod(in RequestContext ctx, NodeId parent, in FuseMknodIn request, CString name, out FuseEntryOut entry)
    {
        entry = default;
        return Errno.EPERM;
    }

    /// <summary>MKDIR.</summary>
    public virtual Errno Mkdir(in RequestContext ctx, NodeId parent, in FuseMkdirIn request, CString name, out FuseEntryOut entry)
    {
        entry = default;
        return Errno.EPERM;
    }

    /// <summary>UNLINK.</summary>
    public virtual Errno Unlink(in RequestContext ctx, NodeId parent, CString name) => Errno.EPERM;

    /// <summary>RMDIR.</summary>
    public virtual Errno Rmdir(in RequestContext ctx, NodeId parent, CString name) => Errno.EPERM;

    /// <summary>RENAME and RENAME2. ENOSYS for a call with flags makes the kernel refuse them itself from then on (EINVAL).</summary>
    public virtual Errno Rename(
        in RequestContext ctx, NodeId parent, CString name, NodeId newParent, CString newName, RenameFlags flags) =>
        flags == 0 ? Errno.EPERM : Errno.ENOSYS;

    /// <summary>LINK: one more name, and one more lookup, for <paramref name="node"/>.</summary>
    public virtual Errno Link(in RequestContext ctx, NodeId node, NodeId newParent, CString newName, out FuseEntryOut entry)
    {
        entry = default;
        return Errno.ENOSYS;
    }

    /// <summary>CREATE: make and open a regular file in one request.</summary>
    public virtual Errno Create(
        in RequestContext ctx, NodeId parent, in FuseCreateIn request, CString name, out FuseEntryOut entry, out FuseOpenOut open)
    {
        entry = default;
        open = default;
        return Errno.ENOSYS;
    }

    /// <summary>TMPFILE: an open file without a name (O_TMPFILE).</summary>
    public virtual Errno Tmpfile(
        in RequestContext ctx, NodeId parent, in FuseCreateIn request, out FuseEntryOut entry, out FuseOpenOut open)
    {
        entry = default;
        open = default;
        return Errno.ENOSYS;
    }
}
