using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using ServiceHost.Fuse;

namespace Servers.Ext4.Server;

/// <summary>
/// The inodes of open files, so that a read decodes nothing. The kernel sends back the handle that it was given; one that it was not
/// given is not in the table.
/// </summary>
internal sealed class OpenInodes
{
    private readonly ConcurrentDictionary<ulong, Inode> _inodes = new();
    private long _last;

    public FileHandle Add(Inode inode)
    {
        ulong number = (ulong)Interlocked.Increment(ref _last);
        _inodes[number] = inode;
        return new FileHandle(number);
    }

    public bool TryGet(FileHandle handle, [NotNullWhen(true)] out Inode? inode) => _inodes.TryGetValue(handle.Value, out inode);

    public void Remove(FileHandle handle) => _inodes.TryRemove(handle.Value, out _);
}
