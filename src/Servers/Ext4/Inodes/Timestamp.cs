namespace Servers.Ext4;

/// <summary>
/// Seconds since 1970 and nanoseconds. The first 32 bits are signed; an inode with room for it adds two more bits on top, which is
/// how years from 1901 to 2446 fit.
/// </summary>
public readonly record struct Timestamp(long Seconds, uint Nanoseconds)
{
    private const uint EpochMask = 3;
    private const int EpochBits = 2;

    internal static Timestamp Decode(uint seconds) => new(unchecked((int)seconds), 0);

    internal static Timestamp Decode(uint seconds, uint extra) =>
        new(unchecked((int)seconds) + ((long)(extra & EpochMask) << 32), extra >> EpochBits);
}
