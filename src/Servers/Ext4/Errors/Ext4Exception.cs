namespace Servers.Ext4;

/// <summary>
/// Unwinds a parser that met a lie of the disk. It never leaves this library: the public operations of <see cref="Ext4Volume"/>
/// turn it into the <see cref="Ext4Error"/> that it carries. What a caller may expect (no such name) is a return value instead.
/// </summary>
internal sealed class Ext4Exception(Ext4Error error) : Exception(error.ToString())
{
    public Ext4Error Error { get; } = error;

    public static Ext4Exception Corrupted(CorruptionReason reason, uint inode = 0, ulong block = 0, ulong value = 0, ulong limit = 0) =>
        new(new Ext4Error(Ext4ErrorKind.Corrupted, reason, inode, block, value, limit));

    public static Ext4Exception BadChecksum(CorruptionReason reason, uint inode, ulong block, ulong stored, ulong computed) =>
        new(new Ext4Error(Ext4ErrorKind.BadChecksum, reason, inode, block, stored, computed));

    public static Ext4Exception Io(CorruptionReason reason, uint inode = 0, ulong block = 0) =>
        new(new Ext4Error(Ext4ErrorKind.Io, reason, inode, block));
}
