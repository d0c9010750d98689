namespace Servers.Ext4;

/// <summary>A name in a directory, as <see cref="DirectoryReader"/> shows it until its next step.</summary>
/// <remarks>The name is bytes as on the disk, or the form that stands for an encrypted one; the inode is what the directory says and
/// need not exist; the type is unknown where directories store none; the next position is where a reader starts to get the entry behind
/// this one.</remarks>
public readonly ref struct DirectoryEntry(ReadOnlySpan<byte> name, InodeNumber inode, FileType type, ulong nextPosition)
{
    public ReadOnlySpan<byte> Name { get; } = name;

    public InodeNumber Inode { get; } = inode;

    public FileType Type { get; } = type;

    public ulong NextPosition { get; } = nextPosition;
}
