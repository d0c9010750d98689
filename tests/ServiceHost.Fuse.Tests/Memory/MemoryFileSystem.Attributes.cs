using System.Text;
using ServiceHost.Linux;

namespace ServiceHost.Fuse.Tests.Memory;

internal sealed partial class MemoryFileSystem
{
    public const ulong BirthTime = 1_000_000_007;

    public override Errno Getattr(in RequestContext ctx, NodeId node, FileHandle? fh, out FuseAttrOut attr)
    {
        Count("getattr");
        lock (_lock)
        {
            attr = default;
            if (Find(node) is not { } known)
            {
                return Errno.ESTALE;
            }

            attr = AttrOut(known);
            return Errno.None;
        }
    }

    public override Errno Statx(in RequestContext ctx, NodeId node, FileHandle? fh, uint flags, uint mask, out FuseStatxOut statx)
    {
        Count("statx");
        lock (_lock)
        {
            FuseAttr attr = Find(node)!.Attr;
            statx = new FuseStatxOut
            {
                AttrValid = Timeout,
                Stat = new FuseStatx
                {
                    Mask = 0xFFF,
                    BlkSize = attr.BlkSize,
                    Nlink = attr.Nlink,
                    Uid = attr.Uid,
                    Gid = attr.Gid,
                    Mode = (ushort)attr.Mode,
                    Ino = attr.Ino,
                    Size = attr.Size,
                    Blocks = attr.Blocks,
                    Btime = new FuseSxTime { TvSec = (long)BirthTime, TvNsec = 5 },
                },
            };
            return Errno.None;
        }
    }

    public override Errno Setattr(in RequestContext ctx, NodeId node, in FuseSetattrIn request, out FuseAttrOut attr)
    {
        Count("setattr");
        lock (_lock)
        {
            MemoryNode known = Find(node)!;
            bool Has(in FuseSetattrIn r, FuseSetattrValid bit) => (r.Valid & bit) != 0;
            known.Mode = Has(request, FuseSetattrValid.Mode) ? request.Mode : known.Mode;
            known.Uid = Has(request, FuseSetattrValid.Uid) ? request.Uid : known.Uid;
            known.Gid = Has(request, FuseSetattrValid.Gid) ? request.Gid : known.Gid;
            known.Atime = Has(request, FuseSetattrValid.Atime) ? request.Atime : known.Atime;
            known.Mtime = Has(request, FuseSetattrValid.Mtime) ? request.Mtime : known.Mtime;
            if (Has(request, FuseSetattrValid.Size))
            {
                byte[] data = known.Data;
                Array.Resize(ref data, (int)request.Size);
                known.Data = data;
            }

            attr = AttrOut(known);
            return Errno.None;
        }
    }

    public override Errno Access(in RequestContext ctx, NodeId node, uint mask)
    {
        Count("access");
        return Errno.None;
    }

    public override Errno Setxattr(
        in RequestContext ctx, NodeId node, CString name, ReadOnlySpan<byte> value, uint flags, FuseSetxattrFlags extraFlags)
    {
        Count("setxattr");
        lock (_lock)
        {
            Find(node)!.Xattrs[Key(name)] = value.ToArray();
            return Errno.None;
        }
    }

    public override Errno Getxattr(in RequestContext ctx, NodeId node, CString name, Span<byte> value, out int length)
    {
        Count("getxattr");
        lock (_lock)
        {
            length = 0;
            return Find(node)!.Xattrs.TryGetValue(Key(name), out byte[]? stored) ? Give(stored, value, out length) : Errno.ENODATA;
        }
    }

    public override Errno Listxattr(in RequestContext ctx, NodeId node, Span<byte> list, out int length)
    {
        Count("listxattr");
        lock (_lock)
        {
            byte[] names = [.. Find(node)!.Xattrs.Keys.SelectMany(name => Encoding.Latin1.GetBytes(name + '\0'))];
            return Give(names, list, out length);
        }
    }

    public override Errno Removexattr(in RequestContext ctx, NodeId node, CString name)
    {
        Count("removexattr");
        lock (_lock)
        {
            return Find(node)!.Xattrs.Remove(Key(name)) ? Errno.None : Errno.ENODATA;
        }
    }

    private static Errno Give(byte[] stored, Span<byte> room, out int length)
    {
        length = stored.Length;
        return room.IsEmpty || stored.AsSpan().TryCopyTo(room) ? Errno.None : Errno.ERANGE;
    }
}
