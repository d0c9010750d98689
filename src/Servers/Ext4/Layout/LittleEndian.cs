using System.Buffers.Binary;

namespace Servers.Ext4;

/// <summary>Reads the fields of on-disk structures. ext4 is little-endian throughout; only the journal is not.</summary>
internal static class LittleEndian
{
    extension(ReadOnlySpan<byte> bytes)
    {
        public ushort U16(int offset) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[offset..]);

        public uint U32(int offset) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[offset..]);

        public ulong U64(int offset) => BinaryPrimitives.ReadUInt64LittleEndian(bytes[offset..]);
    }
}
