using System.Buffers.Binary;
using Servers.Ext4;

namespace Ext4.Corpus.Tests;

/// <summary>
/// Finds every structure of a sound image, so that a mutation can be aimed. It trusts the image, which a generator made just before;
/// it shares nothing with the reader under test but the superblock.
/// </summary>
internal sealed class Anatomy
{
    private const int ExtentMagic = 0xF30A;
    private const uint AttributeMagic = 0xEA02_0000;
    private const uint IndirectLevels = 3;
    private const int DirectBlocks = 12;

    private readonly byte[] _image;
    private readonly Superblock _superblock;
    private readonly List<Structure> _structures = [];

    public Anatomy(byte[] image)
    {
        _image = image;
        _superblock = Superblock.Decode(image.AsSpan(Superblock.Offset, Superblock.Size), image.Length);
        Add(new Structure(StructureKind.Superblock, Superblock.Offset, Superblock.Size));
        if (_superblock.Has(IncompatFeatures.MultiMountProtection))
        {
            AddBlock(StructureKind.MultiMountBlock, _superblock.MultiMountBlock, 0);
        }

        for (uint group = 0; group < _superblock.GroupCount; group++) AddGroup(group);
    }

    public Superblock Superblock => _superblock;

    public IReadOnlyList<Structure> Structures => _structures;

    private int BlockSize => _superblock.BlockSize;

    private void AddGroup(uint group)
    {
        // Generated images keep their descriptors behind the superblock or, with meta_bg, are small enough for one block of them.
        long table = (Superblock.Offset / BlockSize) + 1;
        long offset = (table * BlockSize) + (group * _superblock.DescriptorSize);
        Add(new Structure(StructureKind.GroupDescriptor, offset, _superblock.DescriptorSize, group));
        var descriptor = GroupDescriptor.Decode(_image.AsSpan((int)offset, _superblock.DescriptorSize), _superblock);
        if (_superblock.HasGroupChecksums && (descriptor.Flags & GroupFlags.InodeUninit) != 0) return;
        for (uint place = 0; place < _superblock.InodesPerGroup; place++)
        {
            AddInode((group * _superblock.InodesPerGroup) + place + 1, ((long)descriptor.InodeTable.Value * BlockSize) + (place * _superblock.InodeSize));
        }
    }

    private void AddInode(uint number, long offset)
    {
        ReadOnlySpan<byte> inode = _image.AsSpan((int)offset, _superblock.InodeSize);
        int mode = U16(inode, 0x00);
        uint flags = U32(inode, 0x20);
        if (mode == 0 || U16(inode, 0x1A) == 0) return;
        Add(new Structure(StructureKind.Inode, offset, _superblock.InodeSize, number));
        AddAttributes(number, offset, inode);
        int type = mode >> 12;
        bool inline = (flags & (uint)InodeFlags.InlineData) != 0;
        if (inline) Add(new Structure(StructureKind.InlineData, offset + 0x28, 60, number));
        bool shortLink = type == 10 && U32(inode, 0x04) < 60;
        if (inline || shortLink || type is not (4 or 8 or 10)) return;
        var blocks = new SortedDictionary<uint, ulong>();
        if ((flags & (uint)InodeFlags.Extents) != 0) AddExtents(number, (int)offset + 0x28, blocks);
        else AddIndirect(number, inode, blocks);
        AddContents(number, type, flags, blocks);
    }

    private void AddAttributes(uint number, long offset, ReadOnlySpan<byte> inode)
    {
        uint i_file_acl_lo = U32(inode, 0x68);
        if (i_file_acl_lo != 0) AddBlock(StructureKind.AttributeBlock, i_file_acl_lo, number);
        if (inode.Length == 128) return;
        int start = 128 + U16(inode, 0x80);
        if (start + 24 <= inode.Length && U32(inode, start) == AttributeMagic)
        {
            Add(new Structure(StructureKind.AttributesInInode, offset + start, inode.Length - start, number));
        }
    }

    private void AddExtents(uint owner, int node, SortedDictionary<uint, ulong> blocks)
    {
        ReadOnlySpan<byte> header = _image.AsSpan(node, 12);
        if (U16(header, 0) != ExtentMagic) return;
        int entries = U16(header, 2), depth = U16(header, 6);
        for (int i = 0; i < entries; i++)
        {
            ReadOnlySpan<byte> entry = _image.AsSpan(node + 12 + (i * 12), 12);
            if (depth == 0)
            {
                uint length = (uint)(U16(entry, 4) & 0x7FFF);
                for (uint j = 0; j < length; j++) blocks[U32(entry, 0) + j] = U32(entry, 8) + j;
                continue;
            }

            ulong child = U32(entry, 4);
            AddBlock(StructureKind.ExtentNode, child, owner);
            AddExtents(owner, (int)child * BlockSize, blocks);
        }
    }

    private void AddIndirect(uint owner, ReadOnlySpan<byte> inode, SortedDictionary<uint, ulong> blocks)
    {
        uint next = 0;
        for (; next < DirectBlocks; next++) Map(blocks, next, U32(inode, 0x28 + ((int)next * 4)));
        for (int level = 1; level <= IndirectLevels; level++)
        {
            AddIndirectBlock(owner, U32(inode, 0x28 + ((11 + level) * 4)), level, ref next, blocks);
        }
    }

    private void AddIndirectBlock(uint owner, uint block, int level, ref uint next, SortedDictionary<uint, ulong> blocks)
    {
        uint perBlock = (uint)BlockSize / 4;
        if (block == 0)
        {
            uint skipped = 1;
            for (int i = 0; i < level; i++) skipped *= perBlock;
            next += skipped;
            return;
        }

        AddBlock(StructureKind.IndirectBlock, block, owner);
        for (uint i = 0; i < perBlock; i++)
        {
            uint child = U32(_image, ((int)block * BlockSize) + ((int)i * 4));
            if (level == 1) Map(blocks, next++, child);
            else AddIndirectBlock(owner, child, level - 1, ref next, blocks);
        }
    }

    private void AddContents(uint owner, int type, uint flags, SortedDictionary<uint, ulong> blocks)
    {
        if (type == 4) AddDirectory(owner, (flags & (uint)InodeFlags.Index) != 0, blocks);
        else if (owner == _superblock.JournalInode) AddJournal(blocks);
        else if (owner == _superblock.OrphanFileInode && owner != 0)
        {
            foreach (ulong block in blocks.Values) AddBlock(StructureKind.OrphanBlock, block, owner);
        }
    }

    private void AddDirectory(uint owner, bool indexed, SortedDictionary<uint, ulong> blocks)
    {
        foreach ((uint index, ulong block) in blocks)
        {
            ReadOnlySpan<byte> bytes = _image.AsSpan((int)block * BlockSize, BlockSize);
            bool fake = indexed && U32(bytes, 0) == 0 && U16(bytes, 4) == BlockSize;
            StructureKind kind = indexed && index == 0 ? StructureKind.IndexRoot
                : fake ? StructureKind.IndexNode : StructureKind.DirectoryBlock;
            AddBlock(kind, block, owner);
        }
    }

    private void AddJournal(SortedDictionary<uint, ulong> blocks)
    {
        foreach ((uint index, ulong block) in blocks)
        {
            JournalHeader header = JournalHeader.Read(_image.AsSpan((int)block * BlockSize, BlockSize));
            if (header.Magic != JournalHeader.ExpectedMagic) continue;
            if (index == 0) Add(new Structure(StructureKind.JournalSuperblock, (long)block * BlockSize, JournalSuperblock.Size));
            else if (Kind(header.Kind) is StructureKind kind) AddBlock(kind, block, 0);
        }
    }

    private static StructureKind? Kind(JournalBlockKind kind) => kind switch
    {
        JournalBlockKind.Descriptor => StructureKind.JournalDescriptor,
        JournalBlockKind.Revoke => StructureKind.JournalRevoke,
        JournalBlockKind.Commit => StructureKind.JournalCommit,
        _ => null,
    };

    private static void Map(SortedDictionary<uint, ulong> blocks, uint index, uint block)
    {
        if (block != 0) blocks[index] = block;
    }

    private void AddBlock(StructureKind kind, ulong block, uint owner) => Add(new Structure(kind, (long)block * BlockSize, BlockSize, owner));

    private void Add(Structure structure) => _structures.Add(structure);

    private static ushort U16(ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[offset..]);

    private static uint U32(ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[offset..]);
}
