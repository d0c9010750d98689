namespace Servers.Ext4;

/// <summary>
/// Finds, verifies and decodes inodes. The checks are those of the kernel's iget in their order, because which of two faults is met
/// first decides which error a caller sees.
/// </summary>
internal sealed class InodeReader(VolumeCore core)
{
    private const int ChecksumLowOffset = 0x7C;
    private const int ChecksumHighOffset = 0x82;
    private const uint BootLoaderInode = 5;

    private readonly Superblock _superblock = core.Superblock;

    /// <summary>ext4_valid_inum: what a directory may refer to.</summary>
    public bool IsValidEntry(uint number) =>
        number == InodeNumber.Root.Value || (number >= _superblock.FirstInode && number <= _superblock.InodesCount);

    public Inode Get(InodeNumber number, InodeUse use)
    {
        uint ino = number.Value;
        bool reserved = use != InodeUse.Special && IsReserved(ino);
        if (reserved || ino < InodeNumber.Root.Value || ino > _superblock.InodesCount)
        {
            throw Ext4Exception.Corrupted(CorruptionReason.InodeNumberRange, ino, value: ino, limit: _superblock.InodesCount);
        }

        byte[]? changed = core.Changes?.FindInode(ino);
        ReadOnlyMemory<byte> raw = changed ?? Locate(ino);
        int extraSize = VerifyExtraSize(ino, raw.Span);
        uint seed = Crc32c.Append(Crc32c.Append(_superblock.ChecksumSeed, ino), raw.Span.U32(0x64));
        if (changed is null)
        {
            VerifyChecksum(ino, raw.Span, seed, extraSize);
        }

        VerifyInUse(ino, raw.Span, use);
        Inode inode = Decode(number, raw, seed, extraSize);
        Verify(inode, use);
        return inode;
    }

    /// <summary>An inode as it stands in its table, whatever stands there.</summary>
    public ReadOnlySpan<byte> ReadRaw(uint ino) => ino != 0 && ino <= _superblock.InodesCount
        ? Locate(ino).Span
        : throw Ext4Exception.Corrupted(CorruptionReason.InodeNumberRange, ino, value: ino, limit: _superblock.InodesCount);

    private bool IsReserved(uint ino) =>
        (ino < _superblock.FirstInode && ino != InodeNumber.Root.Value)
        || (ino != 0 && (ino == _superblock.UserQuotaInode || ino == _superblock.GroupQuotaInode
            || ino == _superblock.ProjectQuotaInode || ino == _superblock.OrphanFileInode));

    private ReadOnlyMemory<byte> Locate(uint ino)
    {
        uint group = (ino - 1) / _superblock.InodesPerGroup;
        uint place = (ino - 1) % _superblock.InodesPerGroup;
        FsBlock table = core.Groups.GetLocated(group).InodeTable;
        FsBlock block = table.Add(place / (uint)_superblock.InodesPerBlock);
        if (table.Value <= _superblock.FirstDataBlock || block.Value >= _superblock.BlocksCount)
        {
            throw Ext4Exception.Corrupted(
                CorruptionReason.GroupInodeTableLocation, ino, block.Value, table.Value, _superblock.BlocksCount);
        }

        CachedBlock cached = core.Blocks.GetWithNeighbours(block, table, _superblock.InodeTableBlocks);
        int offset = (int)(place % (uint)_superblock.InodesPerBlock) * _superblock.InodeSize;
        return cached.Memory.Slice(offset, _superblock.InodeSize);
    }

    private int VerifyExtraSize(uint ino, ReadOnlySpan<byte> raw)
    {
        if (_superblock.InodeSize == InodeFields.OldSize)
        {
            return 0;
        }

        int i_extra_isize = raw.U16(0x80);
        if (InodeFields.OldSize + i_extra_isize > _superblock.InodeSize || (i_extra_isize & 3) != 0)
        {
            throw Ext4Exception.Corrupted(
                CorruptionReason.InodeExtraSize, ino, value: (uint)i_extra_isize, limit: (uint)_superblock.InodeSize);
        }

        return i_extra_isize;
    }

    private void VerifyChecksum(uint ino, ReadOnlySpan<byte> raw, uint seed, int extraSize)
    {
        if (!_superblock.HasInodeChecksums)
        {
            return;
        }

        uint crc = Crc32c.Append(seed, raw[..ChecksumLowOffset]);
        crc = Crc32c.AppendZeros(crc, sizeof(ushort));
        crc = Crc32c.Append(crc, raw[(ChecksumLowOffset + sizeof(ushort))..InodeFields.OldSize]);
        uint stored = raw.U16(ChecksumLowOffset);
        bool hasHigh = extraSize >= 4;
        if (raw.Length > InodeFields.OldSize)
        {
            crc = Crc32c.Append(crc, raw[InodeFields.OldSize..ChecksumHighOffset]);
            int rest = ChecksumHighOffset;
            if (hasHigh)
            {
                crc = Crc32c.AppendZeros(crc, sizeof(ushort));
                stored |= (uint)raw.U16(ChecksumHighOffset) << 16;
                rest += sizeof(ushort);
            }

            crc = Crc32c.Append(crc, raw[rest..]);
        }

        uint computed = hasHigh ? crc : crc & ushort.MaxValue;
        if (stored != computed)
        {
            throw Ext4Exception.BadChecksum(CorruptionReason.InodeChecksum, ino, 0, stored, computed);
        }
    }

    private static void VerifyInUse(uint ino, ReadOnlySpan<byte> raw, InodeUse use)
    {
        if (raw.U16(0x1A) != 0 || ino == BootLoaderInode)
        {
            return;
        }

        if (use == InodeUse.Special)
        {
            throw Ext4Exception.Corrupted(CorruptionReason.InodeUnused, ino);
        }

        throw new Ext4Exception(new Ext4Error(Ext4ErrorKind.Stale, CorruptionReason.InodeUnused, ino));
    }

    private Inode Decode(InodeNumber number, ReadOnlyMemory<byte> memory, uint seed, int extraSize)
    {
        ReadOnlySpan<byte> raw = memory.Span;
        // The kernel takes i_extra_isize 0 in a large inode as "all fields are there"; it reads times like that, nothing else.
        int times = raw.Length > InodeFields.OldSize && extraSize == 0 ? InodeFields.FullExtraSize : extraSize;
        ushort mode = raw.U16(0x00);
        var flags = (InodeFlags)raw.U32(0x20);
        bool hasAttributes = HasAttributeMagic(raw, extraSize);
        return new Inode
        {
            Number = number,
            Mode = mode,
            Uid = ((uint)raw.U16(0x78) << 16) | raw.U16(0x02),
            Gid = ((uint)raw.U16(0x7A) << 16) | raw.U16(0x18),
            ProjectId = _superblock.Has(ReadOnlyCompatFeatures.Project) && InodeFields.Fits(extraSize, 0x9C) ? raw.U32(0x9C) : 0,
            Size = DecodeSize(number.Value, raw, (FileType)(mode >> 12)),
            LinkCount = raw.U16(0x1A),
            StoredSectors = DecodeSectors(raw, flags),
            Flags = flags,
            Generation = raw.U32(0x64),
            AccessTime = Time(raw, 0x08, 0x8C, times),
            ChangeTime = Time(raw, 0x0C, 0x84, times),
            ModificationTime = Time(raw, 0x10, 0x88, times),
            CreationTime = InodeFields.Fits(times, 0x90) ? Time(raw, 0x90, 0x94, times) : null,
            DeviceMajor = Device(raw).Major,
            DeviceMinor = Device(raw).Minor,
            AttributeBlock = new FsBlock(
                raw.U32(0x68) | (_superblock.Has(IncompatFeatures.Bits64) ? (ulong)raw.U16(0x76) << 32 : 0)),
            ChecksumSeed = seed,
            ExtraSize = extraSize,
            Raw = memory,
            HasInlineAttributes = hasAttributes,
            Inline = hasAttributes ? InlineAttributes.FindContent(core, number.Value, memory, extraSize, flags) : null,
        };
    }

    private static bool HasAttributeMagic(ReadOnlySpan<byte> raw, int extraSize) =>
        extraSize != 0
        && InodeFields.OldSize + extraSize + sizeof(uint) <= raw.Length
        && raw.U32(InodeFields.OldSize + extraSize) == AttributeLayout.Magic;

    private long DecodeSize(uint ino, ReadOnlySpan<byte> raw, FileType type)
    {
        bool wide = type == FileType.Regular || _superblock.Has(IncompatFeatures.LargeDir);
        ulong size = raw.U32(0x04) | (wide ? (ulong)raw.U32(0x6C) << 32 : 0);
        bool extents = ((InodeFlags)raw.U32(0x20) & InodeFlags.Extents) != 0;
        ulong limit = FileLimits.MaximumSize(_superblock, extents);
        if (size > limit)
        {
            throw Ext4Exception.Corrupted(CorruptionReason.InodeFileSize, ino, value: size, limit: limit);
        }

        return (long)size;
    }

    private ulong DecodeSectors(ReadOnlySpan<byte> raw, InodeFlags flags)
    {
        ulong i_blocks = raw.U32(0x1C);
        if (!_superblock.Has(ReadOnlyCompatFeatures.HugeFile))
        {
            return i_blocks;
        }

        i_blocks |= (ulong)raw.U16(0x74) << 32;
        return (flags & InodeFlags.HugeFile) != 0 ? i_blocks << (_superblock.BlockBits - 9) : i_blocks;
    }

    private static Timestamp Time(ReadOnlySpan<byte> raw, int offset, int extraOffset, int extraSize) =>
        InodeFields.Fits(extraSize, extraOffset) ? Timestamp.Decode(raw.U32(offset), raw.U32(extraOffset)) : Timestamp.Decode(raw.U32(offset));

    // i_block[0] holds an old 16-bit number, or is zero and i_block[1] holds a wide one.
    private static (uint Major, uint Minor) Device(ReadOnlySpan<byte> raw)
    {
        uint old = raw.U32(InodeFields.BlockOffset);
        if (old != 0)
        {
            return ((old >> 8) & 0xFF, old & 0xFF);
        }

        uint wide = raw.U32(InodeFields.BlockOffset + sizeof(uint));
        return ((wide & 0xF_FF00) >> 8, (wide & 0xFF) | ((wide >> 12) & 0xF_FF00));
    }

    private void Verify(Inode inode, InodeUse use)
    {
        uint ino = inode.Number.Value;
        Require(
            !inode.Has(InodeFlags.Index) || _superblock.Has(CompatFeatures.DirIndex) || !_superblock.HasMetadataChecksums,
            CorruptionReason.InodeFlags, inode);
        Require(!(inode.Has(InodeFlags.InlineData) && inode.Has(InodeFlags.Extents)), CorruptionReason.InodeFlags, inode);
        Require(
            inode.AttributeBlock.Value == 0 || core.Zones.IsValid(inode.AttributeBlock, 1, ino),
            CorruptionReason.InodeAttributeBlock, inode);
        VerifyMap(inode);
        VerifyType(inode);
        Require(!inode.Has(InodeFlags.CaseFold) || _superblock.Has(IncompatFeatures.CaseFold), CorruptionReason.InodeFlags, inode);
        if (use == InodeUse.AttributeValue)
        {
            bool plain = !inode.HasInlineAttributes && inode.AttributeBlock.Value == 0;
            Require(inode.Has(InodeFlags.EaInode) && plain, CorruptionReason.AttributeValueInode, inode);
        }
        else
        {
            Require(!inode.Has(InodeFlags.EaInode), CorruptionReason.UnexpectedAttributeInode, inode);
        }
    }

    private void VerifyMap(Inode inode)
    {
        bool mapped = inode.IsRegular || inode.IsDirectory || (inode.IsSymlink && !Symlinks.IsFast(_superblock, inode));
        if (inode.Inline != null || !mapped)
        {
            return;
        }

        if (inode.Has(InodeFlags.Extents))
        {
            ExtentMap.VerifyRoot(core, inode);
        }
        else
        {
            IndirectMap.VerifyRoot(core, inode);
        }
    }

    private void VerifyType(Inode inode)
    {
        switch (inode.Type)
        {
            case FileType.Regular or FileType.Directory or FileType.Fifo or FileType.Socket
                or FileType.CharacterDevice or FileType.BlockDevice:
                return;
            case FileType.Symlink:
                Require(!inode.Has(InodeFlags.Append) && !inode.Has(InodeFlags.Immutable), CorruptionReason.InodeFlags, inode);
                Symlinks.VerifyFast(_superblock, inode);
                return;
            default:
                throw Ext4Exception.Corrupted(CorruptionReason.InodeMode, inode.Number.Value, value: inode.Mode);
        }
    }

    private static void Require(bool condition, CorruptionReason reason, Inode inode)
    {
        if (!condition)
        {
            throw Ext4Exception.Corrupted(reason, inode.Number.Value, inode.AttributeBlock.Value, (uint)inode.Flags, inode.Mode);
        }
    }
}
