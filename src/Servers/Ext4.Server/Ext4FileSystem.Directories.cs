using ServiceHost.Fuse;
using ServiceHost.Linux;

namespace Servers.Ext4.Server;

// Reading directories. A position says all there is to know about where a listing is, so an open directory needs no handle.
internal sealed partial class Ext4FileSystem
{
    /// <summary>ENOSYS makes the kernel open directories by itself, and keep their contents: they cannot change.</summary>
    public override Errno Opendir(in RequestContext ctx, NodeId node, in FuseOpenIn request, out FuseOpenOut open)
    {
        open = default;
        return Errno.ENOSYS;
    }

    public override Errno Readdir(in RequestContext ctx, NodeId node, in FuseReadIn request, ref DirEntryWriter entries)
    {
        Errno errno = Start(node, request.Offset, out DirectoryReader? reader);
        if (errno.IsError)
        {
            return errno;
        }

        while (reader!.MoveNext())
        {
            DirectoryEntry entry = reader.Current;
            if (!entries.TryAdd(entry.Name, entry.Inode.Value, entry.NextPosition, (uint)entry.Type))
            {
                return Errno.None;
            }
        }

        return End(reader, entries.Length);
    }

    public override Errno Readdirplus(in RequestContext ctx, NodeId node, in FuseReadIn request, ref DirEntryPlusWriter entries)
    {
        Errno errno = Start(node, request.Offset, out DirectoryReader? reader);
        if (errno.IsError)
        {
            return errno;
        }

        while (reader!.MoveNext())
        {
            DirectoryEntry entry = reader.Current;
            if (!entries.HasRoomFor(entry.Name.Length))
            {
                return Errno.None;
            }

            entries.TryAdd(EntryFor(entry), entry.Name, entry.Inode.Value, entry.NextPosition, (uint)entry.Type);
        }

        return End(reader, entries.Length);
    }

    private Errno Start(NodeId node, ulong position, out DirectoryReader? reader)
    {
        reader = null;
        Errno errno = Get(node, out Inode? directory);
        return errno.IsError ? errno : Answer(_volume.OpenDirectory(directory!, position, out reader));
    }

    // What was read before an error is delivered; the error comes again with the next request.
    private Errno End(DirectoryReader reader, int delivered) => delivered > 0 ? Errno.None : Answer(reader.Error);

    // "." and "..", and what LOOKUP would refuse, come without attributes: the kernel asks when somebody wants them, and then gets the reason.
    private FuseEntryOut EntryFor(DirectoryEntry entry)
    {
        FuseEntryOut result = default;
        bool dots = entry.Name.SequenceEqual("."u8) || entry.Name.SequenceEqual(".."u8);
        if (!dots && _volume.GetInode(entry.Inode, out Inode? inode).IsNone)
        {
            FillEntry(inode!, out result);
        }

        return result;
    }
}
