using ServiceHost.Linux;

namespace ServiceHost.Fuse;

// Attributes, permissions and extended attributes.
public abstract partial class FuseFileSystem
{
    /// <summary>GETATTR. <paramref name="fh"/> is there when the kernel asks about an open regular file.</summary>
    public virtual Errno Getattr(in RequestContext ctx, NodeId node, FileHandle? fh, out FuseAttrOut attr)
    {
        attr = default;
        return Errno.EIO;
    }

    /// <summary>STATX: sent when birth time was asked for; ENOSYS sends the kernel back to GETATTR.</summary>
    public virtual Errno Statx(in RequestContext ctx, NodeId node, FileHandle? fh, uint flags, uint mask, out FuseStatxOut statx)
    {
        statx = default;
        return Errno.ENOSYS;
    }

    /// <summary>SETATTR: chmod, chown, truncate and utimens in one; answers with the new attributes.</summary>
    public virtual Errno Setattr(in RequestContext ctx, NodeId node, in FuseSetattrIn request, out FuseAttrOut attr)
    {
        attr = default;
        return Errno.EPERM;
    }

    /// <summary>ACCESS: access(2) and chdir(2) without default_permissions. <paramref name="mask"/> is R_OK, W_OK, X_OK.</summary>
    public virtual Errno Access(in RequestContext ctx, NodeId node, uint mask) => Errno.ENOSYS;

    /// <summary>SETXATTR. <paramref name="flags"/> is XATTR_CREATE or XATTR_REPLACE.</summary>
    public virtual Errno Setxattr(
        in RequestContext ctx, NodeId node, CString name, ReadOnlySpan<byte> value, uint flags, FuseSetxattrFlags extraFlags) =>
        Errno.ENOSYS;

    /// <summary>
    /// GETXATTR. An empty <paramref name="value"/> asks for the size only. ERANGE when it does not fit, ENODATA when there is none.
    /// </summary>
    public virtual Errno Getxattr(in RequestContext ctx, NodeId node, CString name, Span<byte> value, out int length)
    {
        length = 0;
        return Errno.ENOSYS;
    }

    /// <summary>LISTXATTR: names with a NUL behind each. An empty <paramref name="list"/> asks for the size only.</summary>
    public virtual Errno Listxattr(in RequestContext ctx, NodeId node, Span<byte> list, out int length)
    {
        length = 0;
        return Errno.ENOSYS;
    }

    /// <summary>REMOVEXATTR.</summary>
    public virtual Errno Removexattr(in RequestContext ctx, NodeId node, CString name) => Errno.ENOSYS;
}
