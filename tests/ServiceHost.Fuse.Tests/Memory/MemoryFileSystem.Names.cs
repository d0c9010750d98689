using ServiceHost.Linux;

namespace ServiceHost.Fuse.Tests.Memory;

internal sealed partial class MemoryFileSystem
{
    public override Errno Lookup(in RequestContext ctx, NodeId parent, CString name, out FuseEntryOut entry)
    {
        Count("lookup");
        lock (_lock)
        {
            entry = default;
            if (Find(parent) is not { } directory || !directory.Children.TryGetValue(Key(name), out MemoryNode? node))
            {
                return Errno.ENOENT;
            }

            entry = Entry(node);
            return Errno.None;
        }
    }

    public override void Forget(in RequestContext ctx, NodeId node, ulong nlookup)
    {
        Count("forget");
        lock (_lock)
        {
            if (Find(node) is { } known)
            {
                known.Nlookup -= Math.Min(nlookup, known.Nlookup);
                DropIfUnused(known);
            }
        }
    }

    public override Errno Readlink(in RequestContext ctx, NodeId node, Span<byte> target, out int length)
    {
        Count("readlink");
        lock (_lock)
        {
            byte[] stored = Find(node)!.Target;
            stored.CopyTo(target);
            length = stored.Length;
            return Errno.None;
        }
    }

    public override Errno Symlink(in RequestContext ctx, NodeId parent, CString name, CString target, out FuseEntryOut entry)
    {
        Count("symlink");
        return Make(ctx, parent, name, 0xA000 | 0x1FF, out entry, target.Bytes.ToArray());
    }

    public override Errno Mknod(in RequestContext ctx, NodeId parent, in FuseMknodIn request, CString name, out FuseEntryOut entry)
    {
        Count("mknod");
        return Make(ctx, parent, name, request.Mode, out entry, rdev: request.Rdev);
    }

    public override Errno Mkdir(in RequestContext ctx, NodeId parent, in FuseMkdirIn request, CString name, out FuseEntryOut entry)
    {
        Count("mkdir");
        return Make(ctx, parent, name, 0x4000 | request.Mode, out entry);
    }

    public override Errno Create(
        in RequestContext ctx, NodeId parent, in FuseCreateIn request, CString name, out FuseEntryOut entry, out FuseOpenOut open)
    {
        Count("create");
        open = new FuseOpenOut { Fh = new FileHandle(7), OpenFlags = OpenFlags };
        return Make(ctx, parent, name, request.Mode, out entry);
    }

    public override Errno Tmpfile(
        in RequestContext ctx, NodeId parent, in FuseCreateIn request, out FuseEntryOut entry, out FuseOpenOut open)
    {
        Count("tmpfile");
        lock (_lock)
        {
            MemoryNode node = NewNode(request.Mode, ctx);
            node.Nlink = 0;
            entry = Entry(node);
            open = new FuseOpenOut { Fh = new FileHandle(8) };
            return Errno.None;
        }
    }

    public override Errno Link(in RequestContext ctx, NodeId node, NodeId newParent, CString newName, out FuseEntryOut entry)
    {
        Count("link");
        lock (_lock)
        {
            MemoryNode target = Find(node)!;
            entry = default;
            if (!Find(newParent)!.Children.TryAdd(Key(newName), target))
            {
                return Errno.EEXIST;
            }

            target.Nlink++;
            entry = Entry(target);
            return Errno.None;
        }
    }

    public override Errno Unlink(in RequestContext ctx, NodeId parent, CString name)
    {
        Count("unlink");
        return Remove(parent, name, directory: false);
    }

    public override Errno Rmdir(in RequestContext ctx, NodeId parent, CString name)
    {
        Count("rmdir");
        return Remove(parent, name, directory: true);
    }

    public override Errno Rename(
        in RequestContext ctx, NodeId parent, CString name, NodeId newParent, CString newName, RenameFlags flags)
    {
        Count(flags == 0 ? "rename" : "rename2");
        lock (_lock)
        {
            SortedDictionary<string, MemoryNode> source = Find(parent)!.Children;
            SortedDictionary<string, MemoryNode> target = Find(newParent)!.Children;
            MemoryNode moved = source[Key(name)];
            target.TryGetValue(Key(newName), out MemoryNode? replaced);
            if (flags == RenameFlags.NoReplace && replaced is not null)
            {
                return Errno.EEXIST;
            }

            source.Remove(Key(name));
            if (flags == RenameFlags.Exchange)
            {
                source[Key(name)] = replaced!;
            }
            else if (replaced is not null)
            {
                replaced.Nlink--;
                DropIfUnused(replaced);
            }

            target[Key(newName)] = moved;
            return Errno.None;
        }
    }

    private Errno Make(
        in RequestContext ctx, NodeId parent, CString name, uint mode, out FuseEntryOut entry, byte[]? target = null, uint rdev = 0)
    {
        lock (_lock)
        {
            entry = default;
            SortedDictionary<string, MemoryNode> children = Find(parent)!.Children;
            if (children.ContainsKey(Key(name)))
            {
                return Errno.EEXIST;
            }

            MemoryNode node = NewNode(mode, ctx, target, rdev);
            children.Add(Key(name), node);
            entry = Entry(node);
            return Errno.None;
        }
    }

    private Errno Remove(NodeId parent, CString name, bool directory)
    {
        lock (_lock)
        {
            SortedDictionary<string, MemoryNode> children = Find(parent)!.Children;
            if (!children.TryGetValue(Key(name), out MemoryNode? node))
            {
                return Errno.ENOENT;
            }

            if (node.IsDirectory != directory || node.Children.Count != 0)
            {
                return directory ? Errno.ENOTEMPTY : Errno.EISDIR;
            }

            children.Remove(Key(name));
            node.Nlink = directory ? 0 : node.Nlink - 1;
            DropIfUnused(node);
            return Errno.None;
        }
    }
}
