namespace ServiceHost.Fuse.Tests.Memory;

/// <summary>One inode of <see cref="MemoryFileSystem"/>; everything in it is under the filesystem's lock.</summary>
internal sealed class MemoryNode(NodeId id, uint mode)
{
    public NodeId Id { get; } = id;

    public uint Mode { get; set; } = mode;

    public uint Uid { get; set; }

    public uint Gid { get; set; }

    public uint Rdev { get; init; }

    public uint Nlink { get; set; } = 1;

    public ulong Nlookup { get; set; }

    public byte[] Data { get; set; } = [];

    public byte[] Target { get; init; } = [];

    public ulong Atime { get; set; }

    public ulong Mtime { get; set; }

    public ulong Ctime { get; set; }

    /// <summary>Names as Latin-1 strings, which keeps every byte.</summary>
    public SortedDictionary<string, MemoryNode> Children { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, byte[]> Xattrs { get; } = [];

    public List<FuseLkIn> Locks { get; } = [];

    public bool IsDirectory => (Mode & 0xF000) == 0x4000;

    public bool IsRegular => (Mode & 0xF000) == 0x8000;

    public FuseAttr Attr => new()
    {
        Ino = Id.Value,
        Size = IsRegular ? (ulong)Data.Length : (ulong)Target.Length,
        Blocks = (ulong)(Data.Length + 511) / 512,
        Atime = Atime,
        Mtime = Mtime,
        Ctime = Ctime,
        Mode = Mode,
        Nlink = IsDirectory ? 2 + (uint)Children.Values.Count(child => child.IsDirectory) : Nlink,
        Uid = Uid,
        Gid = Gid,
        Rdev = Rdev,
        BlkSize = 4096,
    };
}
