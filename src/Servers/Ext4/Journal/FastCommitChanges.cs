namespace Servers.Ext4;

/// <summary>
/// What fast commits change in a filesystem, kept beside it: nothing is written, and the structures on the disk stay what they are. Readers of
/// inodes, maps and directories ask here first.
/// </summary>
internal sealed class FastCommitChanges
{
    // Bytes of inodes and names. The area that mke2fs makes for fast commits is 256 blocks, and not even that can be full of inodes.
    private const long MostHeld = 32 << 20;

    private const int CostOfName = 200;

    private readonly Dictionary<uint, byte[]> _inodes = [];
    private readonly Dictionary<uint, RangeChanges> _ranges = [];
    private readonly Dictionary<uint, DirectoryChanges> _directories = [];

    private long _held;

    public byte[]? FindInode(uint inode) => _inodes.GetValueOrDefault(inode);

    public RangeChanges? FindRanges(InodeNumber inode) => _ranges.GetValueOrDefault(inode.Value);

    public DirectoryChanges? FindDirectory(InodeNumber inode) => _directories.GetValueOrDefault(inode.Value);

    /// <summary>The inode as it is to be changed: a copy of what the disk has, at first.</summary>
    public byte[] ChangeInode(uint inode, InodeReader stored)
    {
        if (!_inodes.TryGetValue(inode, out byte[]? raw))
        {
            raw = stored.ReadRaw(inode).ToArray();
            Hold(raw.Length);
            _inodes.Add(inode, raw);
        }

        return raw;
    }

    /// <summary>A name that came to lead to an inode, or no longer does.</summary>
    public void ChangeName(uint directory, ReadOnlySpan<byte> name, bool isLink, uint inode)
    {
        Hold(CostOfName + name.Length);
        Directory(directory).Add(name, isLink, inode);
    }

    public RangeChanges Ranges(uint inode)
    {
        if (!_ranges.TryGetValue(inode, out RangeChanges? ranges))
        {
            _ranges.Add(inode, ranges = new RangeChanges());
        }

        return ranges;
    }

    public void MakeDirectory(uint inode, uint parent) => _directories[inode] = new DirectoryChanges { IsNew = true, Parent = parent };

    public void Seal()
    {
        foreach (RangeChanges ranges in _ranges.Values)
        {
            ranges.Seal();
        }
    }

    private DirectoryChanges Directory(uint inode)
    {
        if (!_directories.TryGetValue(inode, out DirectoryChanges? directory))
        {
            _directories.Add(inode, directory = new DirectoryChanges());
        }

        return directory;
    }

    private void Hold(int bytes)
    {
        _held += bytes;
        if (_held > MostHeld)
        {
            throw Ext4Exception.Corrupted(CorruptionReason.FastCommitTooLong, value: (ulong)_held, limit: MostHeld);
        }
    }
}
