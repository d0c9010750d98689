using ServiceHost.Fuse;
using ServiceHost.Linux;

namespace Servers.Ext4.Server;

// Attributes.
internal sealed partial class Ext4FileSystem
{
    public override Errno Getattr(in RequestContext ctx, NodeId node, FileHandle? fh, out FuseAttrOut attr)
    {
        attr = new FuseAttrOut { AttrValid = _attrValid.Seconds, AttrValidNsec = _attrValid.Nanoseconds };
        Errno errno = Get(node, out Inode? inode);
        if (errno.IsOk)
        {
            _attributes.Fill(inode!, out attr.Attr);
        }

        return errno;
    }

    public override Errno Statx(in RequestContext ctx, NodeId node, FileHandle? fh, uint flags, uint mask, out FuseStatxOut statx)
    {
        statx = new FuseStatxOut { AttrValid = _attrValid.Seconds, AttrValidNsec = _attrValid.Nanoseconds };
        Errno errno = Get(node, out Inode? inode);
        if (errno.IsOk)
        {
            _attributes.Fill(inode!, out statx.Stat);
        }

        return errno;
    }

    public override Errno Setattr(in RequestContext ctx, NodeId node, in FuseSetattrIn request, out FuseAttrOut attr)
    {
        attr = default;
        return Errno.EROFS;
    }
}
