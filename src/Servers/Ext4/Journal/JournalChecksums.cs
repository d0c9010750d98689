using System.Buffers.Binary;

namespace Servers.Ext4;

/// <summary>The checksums of schemes 2 and 3. Every answer is "right" where the journal has neither.</summary>
internal static class JournalChecksums
{
    private const int CommitChecksumOffset = 16;
    private const int CommitHeaderSize = 64;
    private const int ChecksumSize = sizeof(uint);

    /// <summary>Descriptor and revoke blocks carry theirs in their last word.</summary>
    public static bool TailIsRight(JournalSuperblock journal, ReadOnlySpan<byte> block)
    {
        if (!journal.HasBlockChecksums)
        {
            return true;
        }

        int tail = block.Length - ChecksumSize;
        uint computed = Crc32c.AppendZeros(Crc32c.Append(journal.ChecksumSeed, block[..tail]), ChecksumSize);
        return block.Be32(tail) == computed;
    }

    public static bool CommitIsRight(JournalSuperblock journal, ReadOnlySpan<byte> block)
    {
        if (!journal.HasBlockChecksums)
        {
            return true;
        }

        uint stored = block.Be32(CommitChecksumOffset);
        const int after = CommitChecksumOffset + ChecksumSize;
        uint head = Crc32c.AppendZeros(Crc32c.Append(journal.ChecksumSeed, block[..CommitChecksumOffset]), ChecksumSize);
        uint header = Crc32c.Append(head, block[after..CommitHeaderSize]);
        // Only the first sector of a commit block is sure to reach the disk: rubbish behind the header counts as zero.
        return stored == Crc32c.Append(header, block[CommitHeaderSize..])
            || stored == Crc32c.AppendZeros(header, block.Length - CommitHeaderSize);
    }

    /// <summary>A copied block, as it lies in the log, against its tag; scheme 2 keeps only 16 bits.</summary>
    public static bool DataIsRight(JournalSuperblock journal, DescriptorTag tag, ReadOnlySpan<byte> block, uint sequence)
    {
        if (!journal.HasBlockChecksums)
        {
            return true;
        }

        Span<byte> number = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(number, sequence);
        uint computed = Crc32c.Append(Crc32c.Append(journal.ChecksumSeed, number), block);
        return tag.Checksum == (journal.Has(JournalFeatures.ChecksumV3) ? computed : computed & 0xFFFF);
    }
}
