using ServiceHost.Fuse;
using ServiceHost.Linux;

namespace Servers.Ext4.Server;

// The contents of files.
internal sealed partial class Ext4FileSystem
{
    private const uint SeekData = 3;

    public override Errno Open(in RequestContext ctx, NodeId node, in FuseOpenIn request, out FuseOpenOut open)
    {
        open = default;
        if (((OpenFlags)request.Flags & OpenFlags.AccessModeMask) != OpenFlags.ReadOnly)
        {
            return Errno.EROFS;
        }

        Errno errno = Get(node, out Inode? inode);
        if (errno.IsError)
        {
            return errno;
        }

        // ext4 says at open what it would have to say at every read.
        Ext4Error readable = _volume.Read(inode!, 0, [], out _);
        if (readable.IsNone)
        {
            open.Fh = _open.Add(inode!);
            open.OpenFlags = FopenFlags.KeepCache | FopenFlags.NoFlush;
        }

        return Answer(readable);
    }

    public override Errno Release(in RequestContext ctx, NodeId node, in FuseReleaseIn request)
    {
        _open.Remove(request.Fh);
        return Errno.None;
    }

    public override Errno Read(in RequestContext ctx, NodeId node, in FuseReadIn request, Span<byte> data, out int count)
    {
        count = 0;
        if (!_open.TryGet(request.Fh, out Inode? inode))
        {
            return Errno.EBADF;
        }

        return request.Offset > long.MaxValue ? Errno.EINVAL : Answer(_volume.Read(inode, (long)request.Offset, data, out count));
    }

    public override Errno Lseek(in RequestContext ctx, NodeId node, in FuseLseekIn request, out ulong offset)
    {
        offset = 0;
        if (!_open.TryGet(request.Fh, out Inode? inode))
        {
            return Errno.EBADF;
        }

        if (request.Offset > long.MaxValue)
        {
            return Errno.ENXIO;
        }

        Ext4Error error = _volume.Seek(inode, (long)request.Offset, request.Whence == SeekData, out long found);
        offset = error.IsNone ? (ulong)found : 0;
        return Answer(error);
    }
}
