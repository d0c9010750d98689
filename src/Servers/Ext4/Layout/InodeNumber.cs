using System.Globalization;

namespace Servers.Ext4;

/// <summary>A number in the inode tables, from 1 on. Having one says nothing about the inode being in range or in use.</summary>
public readonly record struct InodeNumber(uint Value)
{
    /// <summary>EXT4_ROOT_INO.</summary>
    public static InodeNumber Root => new(2);

    /// <summary>EXT4_JOURNAL_INO: where the journal is by convention; the superblock has the last word.</summary>
    public static InodeNumber Journal => new(8);

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
