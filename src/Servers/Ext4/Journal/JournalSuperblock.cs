namespace Servers.Ext4;

/// <summary>
/// The journal's own superblock, checked as the kernel checks it. The log proper is the ring [<see cref="First"/>,
/// <see cref="Last"/>); fast commits lie behind it.
/// </summary>
internal sealed class JournalSuperblock
{
    public const int Size = 1024;

    // Below this length the kernel leaves the log whole and gives fast commits no room (JBD2_MIN_JOURNAL_BLOCKS).
    private const uint SmallestLog = 1024;
    private const uint DefaultFastCommitBlocks = 256;
    private const uint CompatChecksum = 1;
    private const byte Crc32cChecksumType = 4;
    private const int ChecksumOffset = 0xFC;
    private const int ChecksumSize = sizeof(uint);

    /// <summary>Blocks in the journal, this one included.</summary>
    public uint Length { get; private init; }

    public uint First { get; private init; }
    public uint Last { get; private init; }

    /// <summary>Where the oldest live transaction begins; 0 in a clean journal.</summary>
    public uint Start { get; private init; }

    /// <summary>The number of the oldest live transaction.</summary>
    public uint Sequence { get; private init; }

    public JournalFeatures Features { get; private init; }

    /// <summary>One checksum over a whole transaction, in its commit block: the oldest of the three schemes.</summary>
    public bool HasTransactionChecksum { get; private init; }

    public uint Users { get; private init; }

    /// <summary>What every checksum of schemes 2 and 3 starts from.</summary>
    public uint ChecksumSeed { get; private init; }

    public bool HasBlockChecksums => (Features & (JournalFeatures.ChecksumV2 | JournalFeatures.ChecksumV3)) != 0;

    public bool Has(JournalFeatures feature) => (Features & feature) != 0;

    /// <exception cref="Ext4Exception">The superblock cannot be: the kernel would refuse this journal too.</exception>
    public static JournalSuperblock Decode(ReadOnlySpan<byte> bytes, int blockSize, ulong available)
    {
        JournalHeader header = JournalHeader.Read(bytes);
        Check(header.Magic == JournalHeader.ExpectedMagic, CorruptionReason.JournalMagic, header.Magic, JournalHeader.ExpectedMagic);
        bool second = header.Kind == JournalBlockKind.SuperblockV2;
        Check(second || header.Kind == JournalBlockKind.SuperblockV1, CorruptionReason.JournalFormat, (uint)header.Kind, 0);

        uint s_blocksize = bytes.Be32(0x0C), s_maxlen = bytes.Be32(0x10), s_first = bytes.Be32(0x14);
        Check(s_blocksize == (uint)blockSize, CorruptionReason.JournalBlockSize, s_blocksize, (ulong)blockSize);
        Check(s_maxlen <= available, CorruptionReason.JournalLength, s_maxlen, available);
        Check(s_first != 0 && s_first < s_maxlen, CorruptionReason.JournalFirstBlock, s_first, s_maxlen);

        // A version 1 superblock ends here: what follows on the disk means nothing.
        uint s_feature_compat = second ? bytes.Be32(0x24) : 0;
        var s_feature_incompat = (JournalFeatures)(second ? bytes.Be32(0x28) : 0);
        uint s_feature_ro_compat = second ? bytes.Be32(0x2C) : 0;
        Check((s_feature_incompat & ~JournalFeatures.AllKnown) == 0 && s_feature_ro_compat == 0, CorruptionReason.JournalFeature,
            (uint)s_feature_incompat, s_feature_ro_compat);
        CheckChecksum(bytes, s_feature_compat, s_feature_incompat);

        uint last = s_maxlen - FastCommitBlocks(s_feature_incompat, s_maxlen, bytes.Be32(0x54));
        Check(s_first < last, CorruptionReason.JournalFirstBlock, s_first, last);
        uint s_start = bytes.Be32(0x1C);
        Check(s_start < s_maxlen, CorruptionReason.JournalStart, s_start, s_maxlen);
        return new JournalSuperblock
        {
            Length = s_maxlen,
            First = s_first,
            Last = last,
            Start = s_start,
            Sequence = bytes.Be32(0x18),
            Features = s_feature_incompat,
            HasTransactionChecksum = (s_feature_compat & CompatChecksum) != 0,
            Users = second ? bytes.Be32(0x40) : 1,
            ChecksumSeed = Crc32c.Append(Crc32c.Initial, bytes.Slice(0x30, 16)),
        };
    }

    private static uint FastCommitBlocks(JournalFeatures features, uint s_maxlen, uint s_num_fc_blks)
    {
        if ((features & JournalFeatures.FastCommit) == 0)
        {
            return 0;
        }

        uint wanted = s_num_fc_blks == 0 ? DefaultFastCommitBlocks : s_num_fc_blks;
        return wanted <= s_maxlen && s_maxlen - wanted >= SmallestLog ? wanted : 0;
    }

    private static void CheckChecksum(ReadOnlySpan<byte> bytes, uint s_feature_compat, JournalFeatures features)
    {
        JournalFeatures scheme = features & (JournalFeatures.ChecksumV2 | JournalFeatures.ChecksumV3);
        if (scheme == 0)
        {
            return;
        }

        bool alone = scheme is JournalFeatures.ChecksumV2 or JournalFeatures.ChecksumV3 && (s_feature_compat & CompatChecksum) == 0;
        Check(alone, CorruptionReason.JournalFeature, (uint)features, s_feature_compat);
        byte s_checksum_type = bytes[0x50];
        Check(s_checksum_type == Crc32cChecksumType, CorruptionReason.JournalChecksumType, s_checksum_type, Crc32cChecksumType);

        uint stored = bytes.Be32(ChecksumOffset);
        uint computed = Crc32c.Append(Crc32c.Initial, bytes[..ChecksumOffset]);
        computed = Crc32c.AppendZeros(computed, ChecksumSize);
        computed = Crc32c.Append(computed, bytes[(ChecksumOffset + ChecksumSize)..Size]);
        if (stored != computed)
        {
            throw Ext4Exception.BadChecksum(CorruptionReason.JournalSuperblockChecksum, 0, 0, stored, computed);
        }
    }

    private static void Check(bool condition, CorruptionReason reason, ulong value, ulong limit)
    {
        if (!condition)
        {
            throw Ext4Exception.Corrupted(reason, value: value, limit: limit);
        }
    }
}
