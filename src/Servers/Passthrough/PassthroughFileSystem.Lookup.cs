using ServiceHost.Fuse;
using ServiceHost.Linux;

namespace Servers.Passthrough;

// From names to nodes, and back to nothing.
internal sealed partial class PassthroughFileSystem
{
    public override Errno Lookup(in RequestContext ctx, NodeId parent, CString name, out FuseEntryOut entry)
    {
        Errno errno = LookupNow(parent, name, out entry);
        if (errno == Errno.ENOENT && !_negativeValid.IsZero)
        {
            entry = new FuseEntryOut { EntryValid = _negativeValid.Seconds, EntryValidNsec = _negativeValid.Nanoseconds };
            return Errno.None;
        }

        if (errno != Errno.ENFILE)
        {
            return errno;
        }

        // The worker must not wait for room: it may be the one that has to read the FORGET which makes it.
        if (_pruner is { HasPlace: true } pruner)
        {
            pruner.Add(ctx.Defer(), parent, name);
            return Errno.None;
        }

        return NoRoom();
    }

    public override void Forget(in RequestContext ctx, NodeId node, ulong nlookup) => _inodes.Forget(node, nlookup);

    /// <summary>LOOKUP without waiting: ENFILE when there is no room for one more inode. Any thread.</summary>
    private Errno LookupNow(NodeId parent, CString name, out FuseEntryOut entry)
    {
        entry = default;
        using Pinned<Inode> directory = _inodes.Pin(parent);
        return directory.IsFound ? LookupBelow(directory.Fd, name, _budget.LookupLimit, out entry) : Errno.ESTALE;
    }

    private Errno LookupBelow(Fd directory, CString name, int limit, out FuseEntryOut entry)
    {
        entry = default;
        Errno errno = Libc.Openat(directory, name, OpenFlags.Path | OpenFlags.NoFollow, 0, out FdCell child);
        if (errno.IsError)
        {
            return errno == Errno.EMFILE ? Errno.ENFILE : errno;
        }

        return Publish(ref child, limit, out entry);
    }

    /// <summary>Counts a lookup for the inode of an O_PATH descriptor, which it takes over, and describes it to the kernel.</summary>
    private Errno Publish(ref FdCell fd, int limit, out FuseEntryOut entry)
    {
        entry = default;
        Errno errno = Libc.Statx(fd.Borrow(), Attributes.Wanted, out Statx stat);
        if (errno.IsError)
        {
            fd.Close();
            return errno;
        }

        if (!_inodes.TryIntern(ref fd, stat, limit, out NodeId node))
        {
            return Errno.ENFILE;
        }

        FillEntry(node, stat, out entry);
        return Errno.None;
    }

    // The generation stays 0: a node id is never given to a second inode, so the id alone is unique over the life of the mount.
    private void FillEntry(NodeId node, in Statx stat, out FuseEntryOut entry)
    {
        using Pinned<Inode> inode = _inodes.Pin(node);
        Validity valid = ValidityOf(inode, stat);
        entry = new FuseEntryOut
        {
            NodeId = node,
            EntryValid = _entryValid.Seconds,
            EntryValidNsec = _entryValid.Nanoseconds,
            AttrValid = valid.Seconds,
            AttrValidNsec = valid.Nanoseconds,
        };
        Attributes.Fill(stat, _numbers.Show(stat), out entry.Attr);
    }

    private Errno NoRoom()
    {
        _counters.CountNoRoom();
        _complaints.NoRoomForInodes(_budget.CreateLimit);
        return Errno.ENFILE;
    }
}
