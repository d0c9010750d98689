namespace Servers.Ext4;

/// <summary>
/// CRC-32 with polynomial 0x04C11DB7, most significant bit first, not inverted: jbd2's first checksum, one for a whole transaction.
/// </summary>
internal static class Crc32BigEndian
{
    public const uint Initial = 0xFFFF_FFFF;

    private const uint Polynomial = 0x04C1_1DB7;
    private static readonly uint[] s_table = BuildTable();

    public static uint Append(uint crc, ReadOnlySpan<byte> data)
    {
        foreach (byte value in data) crc = (crc << 8) ^ s_table[(crc >> 24) ^ value];
        return crc;
    }

    private static uint[] BuildTable()
    {
        var table = new uint[256];
        for (uint i = 0; i < table.Length; i++)
        {
            uint crc = i << 24;
            for (int bit = 0; bit < 8; bit++) crc = (crc & 0x8000_0000) != 0 ? (crc << 1) ^ Polynomial : crc << 1;
            table[i] = crc;
        }
        return table;
    }
}
