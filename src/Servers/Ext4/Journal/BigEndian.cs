using System.Buffers.Binary;

namespace Servers.Ext4;

/// <summary>Reads the fields of the journal, which is big-endian throughout, unlike the filesystem that it belongs to.</summary>
internal static class BigEndian
{
    extension(ReadOnlySpan<byte> bytes)
    {
        public ushort Be16(int offset) => BinaryPrimitives.ReadUInt16BigEndian(bytes[offset..]);

        public uint Be32(int offset) => BinaryPrimitives.ReadUInt32BigEndian(bytes[offset..]);

        public ulong Be64(int offset) => BinaryPrimitives.ReadUInt64BigEndian(bytes[offset..]);
    }
}
