using ServiceHost.Linux;

namespace Servers.Passthrough;

/// <summary>An inode that cannot be closed until the end of the using block. Not found: the node id is not, or no longer, alive.</summary>
internal ref struct PinnedInode(InodeTable table, Inode? inode)
{
    private Inode? _inode = inode;

    public readonly bool IsFound => _inode is not null;

    public readonly Inode Inode => _inode ?? throw new InvalidOperationException("The node id was not found.");

    public readonly Fd Fd => Inode.Fd.Borrow();

    public void Dispose()
    {
        if (_inode is Inode inode)
        {
            _inode = null;
            table.Unpin(inode);
        }
    }
}
