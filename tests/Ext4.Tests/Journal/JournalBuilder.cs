using System.Buffers.Binary;
using Servers.Ext4;

namespace Ext4.Tests;

/// <summary>Writes a journal block by block as jbd2 would, so that a test can then damage exactly one thing of it.</summary>
internal sealed class JournalBuilder(int blockSize, uint length, JournalFeatures features, bool transactionChecksum = false)
{
    private const uint First = 1;
    private readonly byte[] _bytes = new byte[blockSize * (int)length];
    private readonly uint _seed = Crc32c.Append(Crc32c.Initial, new byte[16]);
    private uint _next = First;
    private uint _crc = Crc32BigEndian.Initial;

    public uint Sequence { get; set; } = 100;

    public uint Start { get; set; } = First;

    public ulong CommitTime { get; set; } = 1_700_000_000;

    public uint FastCommitBlocks { get; init; }

    public JournalBlockKind Format { get; init; } = JournalBlockKind.SuperblockV2;

    public uint LastPosition { get; private set; }

    private bool HasBlockChecksums => (features & (JournalFeatures.ChecksumV2 | JournalFeatures.ChecksumV3)) != 0;

    public Span<byte> Block(uint number) => _bytes.AsSpan((int)number * blockSize, blockSize);

    /// <summary>Begins the log at this place, so that it goes round the end of the ring.</summary>
    public JournalBuilder StartAt(uint block)
    {
        Start = _next = block;
        return this;
    }

    /// <summary>Logs blocks in one transaction; each copy is filled with its byte, or given whole.</summary>
    public JournalBuilder Log(uint sequence, params (ulong Block, byte[] Data)[] blocks)
    {
        uint descriptorAt = Take();
        Header(descriptorAt, JournalBlockKind.Descriptor, sequence);
        int offset = JournalHeader.Size;
        var copies = new List<uint>();
        foreach ((ulong block, byte[] data) in blocks)
        {
            uint copyAt = Take();
            copies.Add(copyAt);
            int flags = Copy(copyAt, data);
            if (copies.Count > 1) flags |= DescriptorTag.SameUuid;
            if (copies.Count == blocks.Length) flags |= DescriptorTag.LastTag;
            offset += WriteTag(Block(descriptorAt)[offset..], block, flags, DataChecksum(copyAt, sequence));
            if ((flags & DescriptorTag.SameUuid) == 0) offset += DescriptorTag.UuidSize;
        }

        SealTail(descriptorAt);
        _crc = Crc32BigEndian.Append(_crc, Block(descriptorAt));
        foreach (uint copy in copies) _crc = Crc32BigEndian.Append(_crc, Block(copy));
        return this;
    }

    public JournalBuilder Revoke(uint sequence, params ulong[] blocks)
    {
        uint at = Take();
        Header(at, JournalBlockKind.Revoke, sequence);
        Span<byte> block = Block(at);
        int offset = 16;
        foreach (ulong revoked in blocks)
        {
            if ((features & JournalFeatures.Bits64) != 0)
            {
                BinaryPrimitives.WriteUInt64BigEndian(block[offset..], revoked);
                offset += 8;
            }
            else
            {
                BinaryPrimitives.WriteUInt32BigEndian(block[offset..], (uint)revoked);
                offset += 4;
            }
        }

        BinaryPrimitives.WriteUInt32BigEndian(block[12..], (uint)offset);
        SealTail(at);
        return this;
    }

    public JournalBuilder Commit(uint sequence)
    {
        uint at = Take();
        Header(at, JournalBlockKind.Commit, sequence);
        Span<byte> block = Block(at);
        BinaryPrimitives.WriteUInt64BigEndian(block[48..], CommitTime++);
        if (transactionChecksum)
        {
            block[12] = 1;
            block[13] = 4;
            BinaryPrimitives.WriteUInt32BigEndian(block[16..], _crc);
        }

        _crc = Crc32BigEndian.Initial;
        SealCommit(at);
        return this;
    }

    public void SealCommit(uint at)
    {
        if (!HasBlockChecksums) return;
        BinaryPrimitives.WriteUInt32BigEndian(Block(at)[16..], 0);
        BinaryPrimitives.WriteUInt32BigEndian(Block(at)[16..], Crc32c.Append(_seed, Block(at)));
    }

    public void SealTail(uint at)
    {
        if (!HasBlockChecksums) return;
        Span<byte> tail = Block(at)[^4..];
        tail.Clear();
        BinaryPrimitives.WriteUInt32BigEndian(tail, Crc32c.Append(_seed, Block(at)));
    }

    public byte[] Superblock()
    {
        Span<byte> sb = Block(0)[..JournalSuperblock.Size];
        sb.Clear();
        Header(0, Format, 0);
        BinaryPrimitives.WriteUInt32BigEndian(sb[0x0C..], (uint)blockSize);
        BinaryPrimitives.WriteUInt32BigEndian(sb[0x10..], length);
        BinaryPrimitives.WriteUInt32BigEndian(sb[0x14..], First);
        BinaryPrimitives.WriteUInt32BigEndian(sb[0x18..], Sequence);
        BinaryPrimitives.WriteUInt32BigEndian(sb[0x1C..], Start);
        BinaryPrimitives.WriteUInt32BigEndian(sb[0x24..], transactionChecksum ? 1u : 0);
        BinaryPrimitives.WriteUInt32BigEndian(sb[0x28..], (uint)features);
        BinaryPrimitives.WriteUInt32BigEndian(sb[0x40..], 1);
        sb[0x50] = HasBlockChecksums ? (byte)4 : (byte)0;
        BinaryPrimitives.WriteUInt32BigEndian(sb[0x54..], FastCommitBlocks);
        SealSuperblock();
        return sb.ToArray();
    }

    public void SealSuperblock()
    {
        Span<byte> sb = Block(0)[..JournalSuperblock.Size];
        BinaryPrimitives.WriteUInt32BigEndian(sb[0xFC..], 0);
        BinaryPrimitives.WriteUInt32BigEndian(sb[0xFC..], Crc32c.Append(Crc32c.Initial, sb));
    }

    public JournalStore Store() => new MemoryStore(_bytes, blockSize);

    public JournalRecovery Recover(ulong blockCount = 1_000_000)
    {
        var journal = JournalSuperblock.Decode(Superblock(), blockSize, length);
        return JournalRecovery.Run(journal, Store(), blockCount);
    }

    private uint Take()
    {
        LastPosition = _next;
        _next = _next + 1 == length ? First : _next + 1;
        return LastPosition;
    }

    private void Header(uint at, JournalBlockKind kind, uint sequence)
    {
        BinaryPrimitives.WriteUInt32BigEndian(Block(at), JournalHeader.ExpectedMagic);
        BinaryPrimitives.WriteUInt32BigEndian(Block(at)[4..], (uint)kind);
        BinaryPrimitives.WriteUInt32BigEndian(Block(at)[8..], sequence);
    }

    private int Copy(uint at, byte[] data)
    {
        if (data.Length == 1) Block(at).Fill(data[0]);
        else data.CopyTo(Block(at));
        if (BinaryPrimitives.ReadUInt32BigEndian(Block(at)) != JournalHeader.ExpectedMagic) return 0;
        Block(at)[..4].Clear();
        return DescriptorTag.Escape;
    }

    private uint DataChecksum(uint at, uint sequence)
    {
        byte[] number = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(number, sequence);
        return Crc32c.Append(Crc32c.Append(_seed, number), Block(at));
    }

    private int WriteTag(Span<byte> tag, ulong block, int flags, uint checksum)
    {
        bool third = (features & JournalFeatures.ChecksumV3) != 0, wide = (features & JournalFeatures.Bits64) != 0;
        bool second = (features & JournalFeatures.ChecksumV2) != 0;
        BinaryPrimitives.WriteUInt32BigEndian(tag, (uint)block);
        BinaryPrimitives.WriteUInt16BigEndian(tag[6..], (ushort)flags);
        if (wide || third) BinaryPrimitives.WriteUInt32BigEndian(tag[8..], (uint)(block >> 32));
        if (third) BinaryPrimitives.WriteUInt32BigEndian(tag[12..], checksum);
        else if (second) BinaryPrimitives.WriteUInt16BigEndian(tag[4..], (ushort)checksum);
        return third ? 16 : (wide ? 12 : 8) + (second ? 2 : 0);
    }

    private sealed class MemoryStore(byte[] bytes, int blockSize) : JournalStore
    {
        public override int BlockSize => blockSize;

        public override ulong Length => (ulong)(bytes.Length / blockSize);

        public override void Read(uint block, Span<byte> buffer)
        {
            if (block >= Length) throw Ext4Exception.Io(CorruptionReason.JournalBlockUnmapped, block: block);
            bytes.AsSpan((int)block * blockSize, blockSize).CopyTo(buffer);
        }
    }
}
