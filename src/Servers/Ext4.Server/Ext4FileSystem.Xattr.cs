using ServiceHost.Fuse;
using ServiceHost.Linux;

namespace Servers.Ext4.Server;

// Extended attributes, ACLs among them.
internal sealed partial class Ext4FileSystem
{
    private const uint RootUid = 0;
    public override Errno Getxattr(in RequestContext ctx, NodeId node, CString name, Span<byte> value, out int length)
    {
        length = 0;
        Errno errno = Get(node, out Inode? inode);
        return errno.IsError ? errno : Answer(_volume.Getxattr(inode!, name.Bytes, value, out length));
    }

    public override Errno Listxattr(in RequestContext ctx, NodeId node, Span<byte> list, out int length)
    {
        length = 0;
        Errno errno = Get(node, out Inode? inode);
        errno = errno.IsError ? errno : Answer(_volume.Listxattr(inode!, list, out length));
        if (errno.IsOk && !list.IsEmpty && ctx.Uid != RootUid)
        {
            length = RemoveTrusted(list[..length]);
        }

        return errno;
    }

    public override Errno Setxattr(
        in RequestContext ctx, NodeId node, CString name, ReadOnlySpan<byte> value, uint flags, FuseSetxattrFlags extraFlags) =>
        Errno.EROFS;

    public override Errno Removexattr(in RequestContext ctx, NodeId node, CString name) => Errno.EROFS;

    // The kernel keeps the values of trusted.* from everyone but root; the names would still be told. Gives the length that is left.
    private static int RemoveTrusted(Span<byte> list)
    {
        int kept = 0;
        for (int start = 0; start < list.Length;)
        {
            int length = list[start..].IndexOf((byte)0) + 1;
            Span<byte> name = list.Slice(start, length);
            if (!name.StartsWith("trusted."u8))
            {
                name.CopyTo(list[kept..]);
                kept += length;
            }

            start += length;
        }

        return kept;
    }
}
