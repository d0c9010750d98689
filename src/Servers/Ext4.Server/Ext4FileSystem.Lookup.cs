using ServiceHost.Fuse;
using ServiceHost.Linux;

namespace Servers.Ext4.Server;

// From names to inodes.
internal sealed partial class Ext4FileSystem
{
    public override Errno Lookup(in RequestContext ctx, NodeId parent, CString name, out FuseEntryOut entry)
    {
        entry = default;
        Errno errno = Get(parent, out Inode? directory);
        if (errno.IsError)
        {
            return errno;
        }

        Ext4Error error = _volume.Lookup(directory!, name.Bytes, out Inode? inode);
        if (error.Kind == Ext4ErrorKind.NotFound)
        {
            // A name that is missing stays missing: node 0 lets the kernel remember that.
            entry = new FuseEntryOut { EntryValid = _entryValid.Seconds, EntryValidNsec = _entryValid.Nanoseconds };
            return Errno.None;
        }

        if (error.IsNone)
        {
            FillEntry(inode!, out entry);
        }

        return Answer(error);
    }

    public override Errno Readlink(in RequestContext ctx, NodeId node, Span<byte> target, out int length)
    {
        length = 0;
        Errno errno = Get(node, out Inode? inode);
        return errno.IsError ? errno : Answer(_volume.Readlink(inode!, target, out length));
    }

    private void FillEntry(Inode inode, out FuseEntryOut entry)
    {
        entry = new FuseEntryOut
        {
            NodeId = NodeOf(inode.Number),
            Generation = inode.Generation,
            EntryValid = _entryValid.Seconds,
            EntryValidNsec = _entryValid.Nanoseconds,
            AttrValid = _attrValid.Seconds,
            AttrValidNsec = _attrValid.Nanoseconds,
        };
        _attributes.Fill(inode, out entry.Attr);
    }
}
