namespace Servers.Ext4;

/// <summary>Constants of the on-disk form of extended attributes.</summary>
internal static class AttributeLayout
{
    public const uint Magic = 0xEA02_0000;

    /// <summary>struct ext4_xattr_ibody_header.</summary>
    public const int InodeHeaderSize = 4;

    /// <summary>struct ext4_xattr_header.</summary>
    public const int BlockHeaderSize = 32;

    /// <summary>struct ext4_xattr_entry without the name.</summary>
    public const int EntrySize = 16;

    /// <summary>EXT4_XATTR_SIZE_MAX.</summary>
    public const uint MaximumValueSize = 1 << 24;

    public const int BlockChecksumOffset = 16;

    public static int Padded(int size) => (size + 3) & ~3;
}
