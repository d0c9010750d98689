using System.Globalization;

namespace Servers.Ext4;

/// <summary>
/// The outcome of an operation; <c>default</c> is success. A corrupted disk also says which lie it told, about which inode and
/// block, and with which numbers: <paramref name="Value"/> is what was found, <paramref name="Limit"/> what it was measured against.
/// </summary>
public readonly record struct Ext4Error(
    Ext4ErrorKind Kind, CorruptionReason Reason = CorruptionReason.None, uint Inode = 0, ulong Block = 0, ulong Value = 0, ulong Limit = 0)
{
    public static Ext4Error None => default;

    public bool IsNone => Kind == Ext4ErrorKind.None;

    /// <summary>True for what belongs into a log: the disk, not the caller, is at fault.</summary>
    public bool IsDiskFault => Kind is Ext4ErrorKind.Corrupted or Ext4ErrorKind.BadChecksum or Ext4ErrorKind.Io;

    public static implicit operator Ext4Error(Ext4ErrorKind kind) => new(kind);

    public override string ToString()
    {
        if (Reason == CorruptionReason.None)
        {
            return Kind.ToString();
        }

        string where = Inode == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" inode {Inode}");
        string block = Block == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" block {Block}");
        return string.Create(CultureInfo.InvariantCulture, $"{Kind}: {Reason}{where}{block} (found {Value}, against {Limit})");
    }
}
