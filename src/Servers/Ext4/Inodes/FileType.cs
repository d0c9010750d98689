namespace Servers.Ext4;

/// <summary>The type of a file, with the values of S_IFMT shifted down by 12 (which are those of d_type, too).</summary>
public enum FileType : byte
{
    Unknown = 0,
    Fifo = 1,
    CharacterDevice = 2,
    Directory = 4,
    BlockDevice = 6,
    Regular = 8,
    Symlink = 10,
    Socket = 12,
}
