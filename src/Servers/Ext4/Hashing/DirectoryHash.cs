namespace Servers.Ext4;

/// <summary>The hashes of indexed directories, bit for bit as they stand on disk.</summary>
internal static class DirectoryHash
{
    // The largest hash marks the end of a directory stream, so a name that hashes to it gets the one below.
    private const uint EndOfStream = 0x7FFF_FFFF;

    /// <summary>Hashes a name. <see cref="DirectoryHashVersion.SipHash"/> is the caller's to read from the directory.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The version has no hash that can be computed.</exception>
    public static NameHash Compute(DirectoryHashVersion version, ReadOnlySpan<byte> name, HashSeed seed)
    {
        NameHash raw = version switch
        {
            DirectoryHashVersion.Legacy => new NameHash(Legacy(name, signed: true), 0),
            DirectoryHashVersion.LegacyUnsigned => new NameHash(Legacy(name, signed: false), 0),
            DirectoryHashVersion.HalfMd4 => HalfMd4.Hash(name, seed, signed: true),
            DirectoryHashVersion.HalfMd4Unsigned => HalfMd4.Hash(name, seed, signed: false),
            DirectoryHashVersion.Tea => Tea.Hash(name, seed, signed: true),
            DirectoryHashVersion.TeaUnsigned => Tea.Hash(name, seed, signed: false),
            _ => throw new ArgumentOutOfRangeException(nameof(version)),
        };
        uint major = raw.Major & ~1u;
        if (major == EndOfStream << 1) major = (EndOfStream - 1) << 1;
        return raw with { Major = major };
    }

    private static uint Legacy(ReadOnlySpan<byte> name, bool signed)
    {
        unchecked
        {
            uint hash0 = 0x12A3_FE2D, hash1 = 0x37AB_E8F9;
            foreach (byte value in name)
            {
                int character = signed ? (sbyte)value : value;
                uint hash = hash1 + (hash0 ^ (uint)(character * 7152373));
                if ((hash & 0x8000_0000) != 0) hash -= 0x7FFF_FFFF;
                hash1 = hash0;
                hash0 = hash;
            }
            return hash0 << 1;
        }
    }
}
