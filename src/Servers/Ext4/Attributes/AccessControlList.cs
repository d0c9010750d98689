using System.Buffers.Binary;

namespace Servers.Ext4;

/// <summary>
/// POSIX ACLs: on the disk version 1 with an id only where one is meant, for Linux callers version 2 with an id in every entry.
/// </summary>
internal static class AccessControlList
{
    private const uint DiskVersion = 1;
    private const uint LinuxVersion = 2;
    private const int HeaderSize = 4;
    private const int ShortEntrySize = 4;
    private const int EntrySize = 8;
    private const uint NoId = uint.MaxValue;

    /// <summary>Translates; null for a list that Linux would not take either.</summary>
    public static byte[]? ToLinux(ReadOnlySpan<byte> disk)
    {
        if (disk.Length < HeaderSize || disk.U32(0) != DiskVersion)
        {
            return null;
        }

        // A short entry becomes twice as long, a full one stays.
        byte[] result = new byte[HeaderSize + (2 * (disk.Length - HeaderSize))];
        BinaryPrimitives.WriteUInt32LittleEndian(result, LinuxVersion);
        int written = HeaderSize;
        ReadOnlySpan<byte> rest = disk[HeaderSize..];
        while (!rest.IsEmpty)
        {
            int size = rest.Length < ShortEntrySize ? 0 : StoredSize(rest.U16(0));
            if (size == 0 || size > rest.Length)
            {
                return null;
            }

            rest[..ShortEntrySize].CopyTo(result.AsSpan(written));
            uint id = size == EntrySize ? rest.U32(ShortEntrySize) : NoId;
            BinaryPrimitives.WriteUInt32LittleEndian(result.AsSpan(written + ShortEntrySize), id);
            written += EntrySize;
            rest = rest[size..];
        }

        return result[..written];
    }

    private static int StoredSize(ushort tag) => tag switch
    {
        // USER and GROUP name somebody; USER_OBJ, GROUP_OBJ, MASK and OTHER do not.
        0x02 or 0x08 => EntrySize,
        0x01 or 0x04 or 0x10 or 0x20 => ShortEntrySize,
        _ => 0,
    };
}
