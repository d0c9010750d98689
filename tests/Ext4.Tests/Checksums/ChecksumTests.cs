using Servers.Ext4;

namespace Ext4.Tests;

public sealed class ChecksumTests
{
    private static readonly byte[] s_digits = [.. "123456789"u8];

    // The published check values of the three codes over "123456789"; ours lack the final inversion that two of them specify.
    [Fact]
    public void Crc32c_gives_the_published_check_value() =>
        Assert.Equal(0xE306_9283, ~Crc32c.Append(Crc32c.Initial, s_digits));

    [Fact]
    public void Crc32_big_endian_gives_the_published_check_value() =>
        Assert.Equal(0xFC89_1918, ~Crc32BigEndian.Append(Crc32BigEndian.Initial, s_digits));

    [Fact]
    public void Crc16_gives_the_published_check_value() =>
        Assert.Equal(0x4B37, Crc16.Append(Crc16.Initial, s_digits));

    [Fact]
    public void Crc32c_is_the_same_over_any_split()
    {
        byte[] data = new byte[137];
        new Random(1).NextBytes(data);
        uint whole = Crc32c.Append(Crc32c.Initial, data);
        for (int split = 0; split <= data.Length; split++)
        {
            uint first = Crc32c.Append(Crc32c.Initial, data.AsSpan(0, split));
            Assert.Equal(whole, Crc32c.Append(first, data.AsSpan(split)));
        }
    }

    [Fact]
    public void Numbers_are_appended_as_little_endian_bytes_and_zeros_as_bytes()
    {
        Assert.Equal(Crc32c.Append(7, [0x44, 0x33, 0x22, 0x11]), Crc32c.Append(7, 0x1122_3344u));
        Assert.Equal(Crc32c.Append(7, [8, 7, 6, 5, 4, 3, 2, 1]), Crc32c.Append(7, 0x0102_0304_0506_0708ul));
        Assert.Equal(Crc32c.Append(7, new byte[5]), Crc32c.AppendZeros(7, 5));
    }
}
