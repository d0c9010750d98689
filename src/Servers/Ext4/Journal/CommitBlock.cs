namespace Servers.Ext4;

/// <summary>The end of a transaction: when it was committed, and the checksum of all of it in the oldest scheme.</summary>
internal readonly record struct CommitBlock(ulong Seconds, byte ChecksumType, byte ChecksumSize, uint Checksum)
{
    private const byte Crc32Type = 1;

    public static CommitBlock Read(ReadOnlySpan<byte> block) => new(block.Be64(48), block[12], block[13], block.Be32(16));

    /// <summary>True too for a commit without a checksum: the feature may have been switched on after it.</summary>
    public bool TransactionIsRight(uint computed) =>
        (ChecksumType == Crc32Type && ChecksumSize == sizeof(uint) && Checksum == computed)
        || (ChecksumType == 0 && ChecksumSize == 0 && Checksum == 0);
}
