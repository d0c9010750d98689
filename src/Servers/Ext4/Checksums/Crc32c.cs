using System.Buffers.Binary;
using System.Numerics;

namespace Servers.Ext4;

/// <summary>
/// CRC-32C as ext4 and jbd2 use it: reflected, not inverted at either end, so that a result is the seed of the next call.
/// <see cref="BitOperations"/> uses the processor's instruction where there is one and a table elsewhere.
/// </summary>
internal static class Crc32c
{
    /// <summary>The kernel's <c>~0</c>: the seed of every first call.</summary>
    public const uint Initial = 0xFFFF_FFFF;

    public static uint Append(uint crc, ReadOnlySpan<byte> data)
    {
        while (data.Length >= sizeof(ulong))
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(data));
            data = data[sizeof(ulong)..];
        }
        foreach (byte value in data) crc = BitOperations.Crc32C(crc, value);
        return crc;
    }

    /// <summary>Appends a little-endian number: inode numbers, generations and block numbers are mixed in this way.</summary>
    public static uint Append(uint crc, uint value) =>
        BitOperations.Crc32C(crc, BitConverter.IsLittleEndian ? value : BinaryPrimitives.ReverseEndianness(value));

    public static uint Append(uint crc, ulong value) =>
        BitOperations.Crc32C(crc, BitConverter.IsLittleEndian ? value : BinaryPrimitives.ReverseEndianness(value));

    /// <summary>Appends as many zero bytes as a checksum field is wide: such fields count as zero in their own checksum.</summary>
    public static uint AppendZeros(uint crc, int count)
    {
        for (int i = 0; i < count; i++) crc = BitOperations.Crc32C(crc, (byte)0);
        return crc;
    }
}
