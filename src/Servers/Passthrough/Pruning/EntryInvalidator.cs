using ServiceHost.Fuse;
using ServiceHost.Linux;

namespace Servers.Passthrough;

/// <summary>
/// For kernels without NOTIFY_PRUNE: NOTIFY_INVAL_ENTRY of the name. It takes the name away also when somebody uses it, which a file does not mind
/// but a current directory does (getcwd fails), so directories are only touched as the last resort. Names are not kept for this: the source
/// knows under which name the descriptor was opened.
/// </summary>
internal sealed class EntryInvalidator(FuseNotifier notifier, InodeTable inodes, Reopener reopener) : IColdInodeDropper
{
    private const int PathMax = 4096;

    private readonly byte[] _path = new byte[PathMax + 1];
    private readonly byte[] _rootPath = new byte[PathMax];

    public void Drop(ReadOnlySpan<NodeId> nodes, bool isLastResort)
    {
        using Pinned<Inode> root = inodes.Pin(NodeId.Root);
        if (!root.IsFound || !TryGetPath(root.Fd, _rootPath, out int rootLength))
        {
            return;
        }

        // Of "/" nothing remains, so that every path below starts with a slash behind the prefix.
        ReadOnlySpan<byte> rootPath = _rootPath.AsSpan(0, rootLength).TrimEnd((byte)'/');
        foreach (NodeId node in nodes)
        {
            using Pinned<Inode> inode = inodes.Pin(node);
            if (inode.IsFound && (isLastResort || !inode.Item.IsDirectory))
            {
                DropName(root.Fd, rootPath, inode.Fd);
            }
        }
    }

    private void DropName(Fd root, ReadOnlySpan<byte> rootPath, Fd fd)
    {
        if (!TryGetPath(fd, _path.AsSpan(0, PathMax), out int length))
        {
            return;
        }

        Span<byte> path = _path.AsSpan(0, length);
        if (path.Length <= rootPath.Length + 1 || !path.StartsWith(rootPath) || path[rootPath.Length] != '/')
        {
            return;
        }

        // ".../parent/name\0" is split in place: the slash becomes the parent's NUL.
        _path[length] = 0;
        int slash = path.LastIndexOf((byte)'/');
        CString name = CString.FromTerminated(_path.AsSpan(slash + 1, length - slash));
        _path[slash] = 0;
        bool isBelowRoot = slash > rootPath.Length;
        CString parent = isBelowRoot
            ? CString.FromTerminated(_path.AsSpan(rootPath.Length + 1, slash - rootPath.Length))
            : CString.FromTerminated(".\0"u8);
        NodeId parentNode = FindDirectory(root, parent);
        if (!parentNode.IsNone)
        {
            // ENOENT: the kernel has another name for it, or none any more. Then a later round finds another victim.
            _ = notifier.InvalEntry(parentNode, name);
        }
    }

    private NodeId FindDirectory(Fd root, CString path)
    {
        // openat(2), because the filter refuses openat2. Whatever a rename in between makes of the path, only a directory that the
        // kernel knows already is found, and at worst a name too many is looked up again.
        Errno errno = Libc.Openat(root, path, OpenFlags.Path | OpenFlags.Directory | OpenFlags.NoFollow, 0, out FdCell directory);
        if (errno.IsError)
        {
            return default;
        }

        errno = Libc.Statx(directory.Borrow(), Attributes.Wanted, out Statx stat);
        directory.Close();
        return errno.IsOk ? inodes.Find(stat) : default;
    }

    private bool TryGetPath(Fd fd, Span<byte> buffer, out int length)
    {
        CString self = Reopener.NameOf(fd, stackalloc byte[Reopener.NameSize]);
        return Libc.Readlinkat(reopener.Directory, self, buffer, out length).IsOk && length > 0 && length < buffer.Length;
    }
}
