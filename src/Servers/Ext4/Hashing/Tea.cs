namespace Servers.Ext4;

/// <summary>The Tiny Encryption Algorithm used as a compression function over 16-byte parts of a name.</summary>
internal static class Tea
{
    private const int WordsPerBlock = 4;
    private const int Rounds = 16;
    private const uint Delta = 0x9E37_79B9;

    public static NameHash Hash(ReadOnlySpan<byte> name, HashSeed seed, bool signed)
    {
        uint major = seed.A, minor = seed.B;
        Span<uint> words = stackalloc uint[WordsPerBlock];
        while (!name.IsEmpty)
        {
            NameBlock.Fill(words, name, signed);
            Transform(ref major, ref minor, words);
            name = name[Math.Min(name.Length, WordsPerBlock * sizeof(uint))..];
        }
        return new NameHash(major, minor);
    }

    private static void Transform(ref uint major, ref uint minor, ReadOnlySpan<uint> key)
    {
        unchecked
        {
            uint sum = 0, left = major, right = minor;
            for (int round = 0; round < Rounds; round++)
            {
                sum += Delta;
                left += ((right << 4) + key[0]) ^ (right + sum) ^ ((right >> 5) + key[1]);
                right += ((left << 4) + key[2]) ^ (left + sum) ^ ((left >> 5) + key[3]);
            }
            major += left;
            minor += right;
        }
    }
}
