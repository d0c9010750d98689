using System.Buffers.Binary;

namespace Servers.Ext4;

/// <summary>The four words that start half-MD4 and TEA: <c>s_hash_seed</c>, or MD4's own when the superblock has none.</summary>
internal readonly record struct HashSeed(uint A, uint B, uint C, uint D)
{
    public const int Size = 16;

    public static HashSeed Default => new(0x6745_2301, 0xEFCD_AB89, 0x98BA_DCFE, 0x1032_5476);

    /// <summary>Reads <c>s_hash_seed</c>; all zero means that none was set.</summary>
    public static HashSeed Read(ReadOnlySpan<byte> bytes)
    {
        var seed = new HashSeed(Word(bytes, 0), Word(bytes, 1), Word(bytes, 2), Word(bytes, 3));
        return seed == default ? Default : seed;
    }

    private static uint Word(ReadOnlySpan<byte> bytes, int index) =>
        BinaryPrimitives.ReadUInt32LittleEndian(bytes[(index * sizeof(uint))..]);
}
