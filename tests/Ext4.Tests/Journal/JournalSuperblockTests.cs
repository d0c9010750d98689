using System.Buffers.Binary;
using Servers.Ext4;

namespace Ext4.Tests;

public sealed class JournalSuperblockTests
{
    private const int BlockSize = 1024;
    private const uint Length = 2048;

    [Fact]
    public void Fast_commits_take_their_blocks_from_the_end_of_the_ring()
    {
        JournalSuperblock decoded = Decode(New(JournalFeatures.FastCommit));
        Assert.Equal((1u, Length - 256, Length), (decoded.First, decoded.Last, decoded.Length));
    }

    [Fact]
    public void A_short_journal_keeps_its_ring_whole()
    {
        var builder = new JournalBuilder(BlockSize, 1100, JournalFeatures.FastCommit);
        Assert.Equal(1100u, JournalSuperblock.Decode(builder.Superblock(), BlockSize, 1100).Last);
    }

    [Fact]
    public void A_version_1_superblock_has_no_features_whatever_follows_it()
    {
        var builder = new JournalBuilder(BlockSize, Length, JournalFeatures.Bits64) { Format = JournalBlockKind.SuperblockV1 };
        Assert.Equal((JournalFeatures)0, Decode(builder).Features);
    }

    [Theory]
    [InlineData(0x00, 0u, CorruptionReason.JournalMagic)]
    [InlineData(0x04, 2u, CorruptionReason.JournalFormat)]
    [InlineData(0x0C, 4096u, CorruptionReason.JournalBlockSize)]
    [InlineData(0x10, Length + 1, CorruptionReason.JournalLength)]
    [InlineData(0x14, 0u, CorruptionReason.JournalFirstBlock)]
    [InlineData(0x14, Length, CorruptionReason.JournalFirstBlock)]
    [InlineData(0x1C, Length, CorruptionReason.JournalStart)]
    [InlineData(0x28, 0x40u, CorruptionReason.JournalFeature)]
    [InlineData(0x28, 0x18u, CorruptionReason.JournalFeature)]
    [InlineData(0x2C, 1u, CorruptionReason.JournalFeature)]
    public void Each_lie_has_its_reason(int offset, uint value, CorruptionReason reason)
    {
        JournalBuilder builder = New(JournalFeatures.Revoke);
        builder.Superblock();
        BinaryPrimitives.WriteUInt32BigEndian(builder.Block(0)[offset..], value);
        var refusal = Assert.Throws<Ext4Exception>(() => JournalSuperblock.Decode(builder.Block(0), BlockSize, Length));
        Assert.Equal(reason, refusal.Error.Reason);
    }

    [Fact]
    public void A_wrong_checksum_and_an_unknown_kind_of_checksum_are_told_apart()
    {
        JournalBuilder builder = New(JournalFeatures.ChecksumV3);
        builder.Superblock();
        builder.Block(0)[0x200] ^= 1;
        Assert.Equal(CorruptionReason.JournalSuperblockChecksum, Refusal(builder));
        builder.Block(0)[0x50] = 1;
        Assert.Equal(CorruptionReason.JournalChecksumType, Refusal(builder));
    }

    private static JournalBuilder New(JournalFeatures features) => new(BlockSize, Length, features);

    private static JournalSuperblock Decode(JournalBuilder builder) => JournalSuperblock.Decode(builder.Superblock(), BlockSize, Length);

    private static CorruptionReason Refusal(JournalBuilder builder) =>
        Assert.Throws<Ext4Exception>(() => JournalSuperblock.Decode(builder.Block(0), BlockSize, Length)).Error.Reason;
}
