namespace Servers.Ext4;

/// <summary>Offsets in the on-disk inode that more than one decoder needs.</summary>
internal static class InodeFields
{
    /// <summary>EXT4_GOOD_OLD_INODE_SIZE: what every inode has.</summary>
    public const int OldSize = 128;

    /// <summary>i_extra_isize when every field that Linux knows is there.</summary>
    public const int FullExtraSize = 32;

    public const int BlockOffset = 0x28;
    public const int BlockSize = 60;

    /// <summary>What a field behind the first 128 bytes needs of i_extra_isize to exist.</summary>
    public static bool Fits(int extraSize, int offset) => OldSize + extraSize >= offset + sizeof(uint);
}
