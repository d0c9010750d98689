namespace Servers.Ext4.Server;

/// <summary>The common CRC-32 (reflected 0x04C11DB7, inverted at both ends). A header of some hundred bytes needs no table.</summary>
internal static class Crc32
{
    private const uint Polynomial = 0xEDB8_8320;

    public static uint Of(ReadOnlySpan<byte> data)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in data)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ (Polynomial & (uint)-(int)(crc & 1));
            }
        }

        return ~crc;
    }
}
