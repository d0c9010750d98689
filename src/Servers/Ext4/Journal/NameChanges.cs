namespace Servers.Ext4;

/// <summary>What fast commits did to one name of a directory, in their order. What the name led to before decides how it ends.</summary>
internal sealed class NameChanges
{
    private readonly List<(bool IsLink, uint Inode)> _changes = [];

    public void Add(bool isLink, uint inode) => _changes.Add((isLink, inode));

    /// <summary>
    /// The inode that the name leads to in the end, or 0. A name that is there is not linked again, and one that leads to another inode by now
    /// is not removed: both were done before the power went.
    /// </summary>
    public uint After(uint inode)
    {
        foreach ((bool isLink, uint other) in _changes)
        {
            if (isLink && inode == 0)
            {
                inode = other;
            }
            else if (!isLink && inode == other)
            {
                inode = 0;
            }
        }

        return inode;
    }
}
