namespace Servers.Ext4;

/// <summary>CRC-16 with polynomial 0x8005, reflected: the checksum of group descriptors under gdt_csum.</summary>
internal static class Crc16
{
    public const ushort Initial = 0xFFFF;

    private const int Polynomial = 0xA001;
    private static readonly ushort[] s_table = BuildTable();

    public static ushort Append(ushort crc, ReadOnlySpan<byte> data)
    {
        foreach (byte value in data) crc = (ushort)((crc >> 8) ^ s_table[(crc ^ value) & 0xFF]);
        return crc;
    }

    private static ushort[] BuildTable()
    {
        var table = new ushort[256];
        for (int i = 0; i < table.Length; i++)
        {
            int crc = i;
            for (int bit = 0; bit < 8; bit++) crc = (crc & 1) != 0 ? (crc >> 1) ^ Polynomial : crc >> 1;
            table[i] = (ushort)crc;
        }
        return table;
    }
}
