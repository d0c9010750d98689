using System.Buffers.Binary;
using Servers.Ext4;

namespace Ext4.Tests;

public sealed class JournalRecoveryTests
{
    private const int BlockSize = 1024;
    private const uint Length = 64;
    private const byte Untouched = 0xEE;

    public static TheoryData<uint, bool> Schemes()
    {
        var data = new TheoryData<uint, bool>();
        foreach (JournalFeatures width in new[] { (JournalFeatures)0, JournalFeatures.Bits64 })
        {
            data.Add((uint)(width | JournalFeatures.Revoke), false);
            data.Add((uint)(width | JournalFeatures.Revoke), true);
            data.Add((uint)(width | JournalFeatures.Revoke | JournalFeatures.ChecksumV2), false);
            data.Add((uint)(width | JournalFeatures.Revoke | JournalFeatures.ChecksumV3), false);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Schemes))]
    public void The_newest_copy_of_a_block_counts(uint features, bool transactionChecksum)
    {
        JournalBuilder builder = New(features, transactionChecksum)
            .Log(100, (500, [1]), (501, [2])).Commit(100)
            .Log(101, (500, [3])).Commit(101);

        Assert.Equal(2u, builder.Recover().Transactions);
        Assert.Equal(3, builder.Recover().ReplayedBlocks);
        Assert.Equal(3, See(builder, 500));
        Assert.Equal(2, See(builder, 501));
    }

    [Theory]
    [MemberData(nameof(Schemes))]
    public void A_transaction_without_its_commit_never_happened(uint features, bool transactionChecksum)
    {
        JournalBuilder builder = New(features, transactionChecksum)
            .Log(100, (500, [1])).Commit(100)
            .Log(101, (500, [9]), (501, [9]));

        Assert.Equal(1u, builder.Recover().Transactions);
        Assert.Equal(1, See(builder, 500));
        Assert.Equal(Untouched, See(builder, 501));
    }

    [Theory]
    [MemberData(nameof(Schemes))]
    public void A_revoked_block_is_replayed_only_by_later_transactions(uint features, bool transactionChecksum)
    {
        JournalBuilder builder = New(features, transactionChecksum)
            .Log(100, (500, [1]), (501, [1]), (502, [1])).Commit(100)
            .Revoke(101, 500, 501).Log(101, (600, [1])).Commit(101)
            .Log(102, (501, [2])).Commit(102);

        Assert.Equal(Untouched, See(builder, 500));
        Assert.Equal(2, See(builder, 501));
        Assert.Equal(1, See(builder, 502));
        Assert.Equal(2, builder.Recover().RevokedBlocks);
    }

    [Theory]
    [MemberData(nameof(Schemes))]
    public void A_revoke_record_hides_a_copy_of_its_own_transaction(uint features, bool transactionChecksum)
    {
        JournalBuilder builder = New(features, transactionChecksum)
            .Log(100, (500, [1])).Revoke(100, 500).Commit(100);
        Assert.Equal(Untouched, See(builder, 500));
    }

    [Theory]
    [MemberData(nameof(Schemes))]
    public void A_block_that_begins_with_the_magic_number_is_escaped_and_restored(uint features, bool transactionChecksum)
    {
        byte[] block = new byte[BlockSize];
        BinaryPrimitives.WriteUInt32BigEndian(block, JournalHeader.ExpectedMagic);
        block[4] = 7;
        JournalBuilder builder = New(features, transactionChecksum).Log(100, (500, block)).Commit(100);

        byte[] seen = ReadThrough(builder, 500);

        Assert.Equal(block, seen);
    }

    [Theory]
    [MemberData(nameof(Schemes))]
    public void The_log_goes_round_the_end_of_its_ring_and_of_its_numbers(uint features, bool transactionChecksum)
    {
        JournalBuilder builder = New(features, transactionChecksum).StartAt(Length - 2);
        builder.Sequence = uint.MaxValue;
        builder.Log(uint.MaxValue, (500, [1]), (501, [1])).Commit(uint.MaxValue)
            .Revoke(0, 501).Log(0, (500, [2])).Commit(0);

        Assert.Equal(2u, builder.Recover().Transactions);
        Assert.Equal(2, See(builder, 500));
        Assert.Equal(Untouched, See(builder, 501));
    }

    [Theory]
    [InlineData(JournalFeatures.ChecksumV2, false)]
    [InlineData(JournalFeatures.ChecksumV3, false)]
    [InlineData((JournalFeatures)0, true)]
    public void A_damaged_copy_refuses_the_recovery(object features, bool transactionChecksum)
    {
        JournalBuilder builder = New((uint)(JournalFeatures)features, transactionChecksum).Log(100, (500, [1])).Commit(100);
        builder.Block(2)[77] ^= 1;
        var refusal = Assert.Throws<Ext4Exception>(() => builder.Recover());
        Assert.Equal(Ext4ErrorKind.BadChecksum, refusal.Error.Kind);
    }

    [Theory]
    [InlineData(1u, CorruptionReason.JournalTransaction)]
    [InlineData(3u, CorruptionReason.JournalTransaction)]
    public void A_damaged_descriptor_or_commit_of_a_committed_transaction_refuses_the_recovery(uint block, CorruptionReason reason)
    {
        JournalBuilder builder = New((uint)JournalFeatures.ChecksumV3).Log(100, (500, [1])).Commit(100);
        builder.Block(block)[60] ^= 1;
        Assert.Equal(reason, Assert.Throws<Ext4Exception>(() => builder.Recover()).Error.Reason);
    }

    [Fact]
    public void An_older_use_of_the_log_is_told_by_its_time_and_ends_the_scan()
    {
        JournalBuilder builder = New((uint)JournalFeatures.ChecksumV3).Log(100, (500, [1])).Commit(100);
        builder.CommitTime -= 1000;
        builder.Log(101, (500, [2])).Commit(101);
        builder.Block(4)[60] ^= 1;


        Assert.Equal(1u, builder.Recover().Transactions);
        Assert.Equal(1, See(builder, 500));
    }

    [Fact]
    public void An_asynchronous_commit_that_did_not_reach_the_disk_whole_is_the_end_of_the_log()
    {
        JournalBuilder builder = New((uint)JournalFeatures.AsyncCommit, true).Log(100, (500, [1])).Commit(100).Log(101, (500, [2])).Commit(101);
        builder.Block(5)[60] ^= 1;
        Assert.Equal(1, See(builder, 500));
    }

    [Fact]
    public void Rubbish_behind_the_header_of_a_commit_block_does_not_matter()
    {
        JournalBuilder builder = New((uint)JournalFeatures.ChecksumV3).Log(100, (500, [1])).Commit(100);
        builder.Block(builder.LastPosition)[600] = 0xAA;
        Assert.Equal(1u, builder.Recover().Transactions);
    }

    [Fact]
    public void A_ring_of_nothing_but_revoke_blocks_ends()
    {
        JournalBuilder builder = New((uint)JournalFeatures.Revoke);
        for (uint i = 1; i < Length; i++) builder.Revoke(100, 500);
        Assert.Equal(0u, builder.Recover().Transactions);
    }

    [Fact]
    public void A_copy_for_a_block_behind_the_filesystem_refuses_the_recovery()
    {
        JournalBuilder builder = New(0).Log(100, (5000, [1])).Commit(100);
        var refusal = Assert.Throws<Ext4Exception>(() => builder.Recover(blockCount: 5000));
        Assert.Equal(CorruptionReason.JournalBlockRange, refusal.Error.Reason);
    }

    [Fact]
    public void A_revoke_count_beyond_its_block_refuses_the_recovery()
    {
        JournalBuilder builder = New((uint)JournalFeatures.Revoke).Log(100, (500, [1])).Revoke(100, 1).Commit(100);
        BinaryPrimitives.WriteUInt32BigEndian(builder.Block(3)[12..], BlockSize + 1);
        Assert.Equal(CorruptionReason.JournalRevokeCount, Assert.Throws<Ext4Exception>(() => builder.Recover()).Error.Reason);
    }

    private static JournalBuilder New(uint features, bool transactionChecksum = false) =>
        new(BlockSize, Length, (JournalFeatures)features, transactionChecksum);

    // What a reader of the device sees at the start of a block after recovery; the blocks outside the journal are untouched.
    private static int See(JournalBuilder builder, ulong block) => ReadThrough(builder, block)[0];

    private static byte[] ReadThrough(JournalBuilder builder, ulong block)
    {
        byte[] disk = new byte[BlockSize * 1000];
        disk.AsSpan().Fill(Untouched);
        var device = new RecoveredDevice(new MemoryDevice(disk), builder.Store(), builder.Recover());
        byte[] seen = new byte[BlockSize];
        Assert.True(device.ReadAt((long)block * BlockSize, seen));
        return seen;
    }
}
