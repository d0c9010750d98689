using System.Buffers.Binary;
using Servers.Ext4;

namespace Ext4.Corpus.Tests;

/// <summary>Repairs the checksum of a structure after it was changed, so that the lie is believed and reaches the code behind.</summary>
internal sealed class Sealer(Anatomy anatomy, byte[] image)
{
    private readonly Superblock _superblock = anatomy.Superblock;
    private readonly uint _seed = Seed(anatomy.Superblock, image);
    private readonly Dictionary<uint, Structure> _inodes =
        anatomy.Structures.Where(s => s.Kind == StructureKind.Inode).ToDictionary(s => s.Owner);
    private readonly Structure? _journal = anatomy.Structures.FirstOrDefault(s => s.Kind == StructureKind.JournalSuperblock);

    public void Seal(Structure structure)
    {
        if (structure.Kind >= StructureKind.JournalSuperblock) SealJournal(structure);
        else if (structure.Kind == StructureKind.GroupDescriptor) SealDescriptor(structure);
        else if (_superblock.HasMetadataChecksums) SealMetadata(structure);
    }

    private void SealMetadata(Structure structure)
    {
        Span<byte> bytes = Bytes(structure);
        switch (structure.Kind)
        {
            case StructureKind.Superblock:
                Put(bytes, Superblock.Size - 4, Crc32c.Append(Crc32c.Initial, bytes[..^4]));
                break;
            case StructureKind.Inode or StructureKind.AttributesInInode or StructureKind.InlineData:
                SealInode(_inodes[structure.Owner]);
                break;
            case StructureKind.ExtentNode:
                SealExtentNode(structure, bytes);
                break;
            case StructureKind.DirectoryBlock:
                Put(bytes, bytes.Length - 4, Crc32c.Append(InodeSeed(structure.Owner), bytes[..^12]));
                break;
            case StructureKind.IndexRoot:
                SealIndex(structure, bytes, 0x20);
                break;
            case StructureKind.IndexNode:
                SealIndex(structure, bytes, 0x08);
                break;
            case StructureKind.AttributeBlock:
                Put(bytes, 0x10, 0);
                ulong block = (ulong)(structure.Offset / _superblock.BlockSize);
                Put(bytes, 0x10, Crc32c.Append(Crc32c.Append(_seed, block), bytes));
                break;
            case StructureKind.OrphanBlock:
                ulong number = (ulong)(structure.Offset / _superblock.BlockSize);
                Put(bytes, bytes.Length - 4, Crc32c.Append(Crc32c.Append(InodeSeed(structure.Owner), number), bytes[..^8]));
                break;
            case StructureKind.MultiMountBlock:
                Put(bytes, 0x3FC, Crc32c.Append(_seed, bytes[..0x3FC]));
                break;
        }
    }

    private void SealInode(Structure structure)
    {
        Span<byte> inode = Bytes(structure);
        bool hasHigh = inode.Length > 128 && BinaryPrimitives.ReadUInt16LittleEndian(inode[0x80..]) >= 4;
        inode.Slice(0x7C, 2).Clear();
        if (hasHigh) inode.Slice(0x82, 2).Clear();
        uint crc = Crc32c.Append(InodeSeed(structure.Owner), inode);
        BinaryPrimitives.WriteUInt16LittleEndian(inode[0x7C..], (ushort)crc);
        if (hasHigh) BinaryPrimitives.WriteUInt16LittleEndian(inode[0x82..], (ushort)(crc >> 16));
    }

    private void SealExtentNode(Structure structure, Span<byte> node)
    {
        int tail = 12 + (12 * BinaryPrimitives.ReadUInt16LittleEndian(node[4..]));
        if (tail + 4 <= node.Length) Put(node, tail, Crc32c.Append(InodeSeed(structure.Owner), node[..tail]));
    }

    private void SealIndex(Structure structure, Span<byte> block, int countOffset)
    {
        int limit = BinaryPrimitives.ReadUInt16LittleEndian(block[countOffset..]);
        int count = BinaryPrimitives.ReadUInt16LittleEndian(block[(countOffset + 2)..]);
        int tail = countOffset + (limit * 8), used = countOffset + (count * 8);
        if (tail + 8 > block.Length || used > block.Length) return;
        uint crc = Crc32c.Append(InodeSeed(structure.Owner), block[..used]);
        crc = Crc32c.Append(crc, block.Slice(tail, 4));
        Put(block, tail + 4, Crc32c.AppendZeros(crc, 4));
    }

    private void SealDescriptor(Structure structure)
    {
        if (!_superblock.HasGroupChecksums) return;
        Span<byte> gd = Bytes(structure);
        gd.Slice(0x1E, 2).Clear();
        ushort checksum = _superblock.HasMetadataChecksums
            ? (ushort)Crc32c.Append(Crc32c.Append(_seed, structure.Owner), gd)
            : DescriptorCrc16(structure.Owner, gd);
        BinaryPrimitives.WriteUInt16LittleEndian(gd[0x1E..], checksum);
    }

    private ushort DescriptorCrc16(uint group, Span<byte> gd)
    {
        byte[] number = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(number, group);
        ushort crc = Crc16.Append(Crc16.Initial, image.AsSpan(Superblock.Offset + 0x68, 16));
        crc = Crc16.Append(Crc16.Append(crc, number), gd[..0x1E]);
        return _superblock.Has(IncompatFeatures.Bits64) ? Crc16.Append(crc, gd[0x20..]) : crc;
    }

    private void SealJournal(Structure structure)
    {
        if (_journal is null) return;
        Span<byte> superblock = Bytes(_journal), bytes = Bytes(structure);
        var scheme = (JournalFeatures)BinaryPrimitives.ReadUInt32BigEndian(superblock[0x28..]);
        if ((scheme & (JournalFeatures.ChecksumV2 | JournalFeatures.ChecksumV3)) == 0) return;
        uint seed = Crc32c.Append(Crc32c.Initial, superblock.Slice(0x30, 16));
        (int field, uint start) = structure.Kind switch
        {
            StructureKind.JournalSuperblock => (0xFC, Crc32c.Initial),
            StructureKind.JournalCommit => (0x10, seed),
            _ => (bytes.Length - 4, seed),
        };
        bytes.Slice(field, 4).Clear();
        BinaryPrimitives.WriteUInt32BigEndian(bytes[field..], Crc32c.Append(start, bytes));
    }

    private uint InodeSeed(uint inode)
    {
        uint generation = BinaryPrimitives.ReadUInt32LittleEndian(Bytes(_inodes[inode])[0x64..]);
        return Crc32c.Append(Crc32c.Append(_seed, inode), generation);
    }

    private Span<byte> Bytes(Structure structure) => image.AsSpan((int)structure.Offset, structure.Length);

    private static void Put(Span<byte> bytes, int offset, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(bytes[offset..], value);

    private static uint Seed(Superblock superblock, byte[] image) => superblock.Has(IncompatFeatures.CsumSeed)
        ? BinaryPrimitives.ReadUInt32LittleEndian(image.AsSpan(Superblock.Offset + 0x270))
        : Crc32c.Append(Crc32c.Initial, image.AsSpan(Superblock.Offset + 0x68, 16));
}
