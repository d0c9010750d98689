namespace Servers.Ext4;

/// <summary>struct ext4_dir_entry_2 at an offset of a block: inode, record length, name length, type, name.</summary>
internal readonly ref struct DirectoryRecord(ReadOnlySpan<byte> block, int offset)
{
    public const int HeaderSize = 8;
    private const int KeyedHashSize = 8;
    private const byte ChecksumTailType = 0xDE;

    private readonly ReadOnlySpan<byte> _block = block;

    public int Offset { get; } = offset;

    public uint Inode => _block.U32(Offset);

    public int Length => DecodeLength(_block.U16(Offset + 4), _block.Length);

    public int NameLength => _block[Offset + 6];

    public byte StoredType => _block[Offset + 7];

    public int End => Offset + Length;

    /// <summary>The name; only for a record that was checked.</summary>
    public ReadOnlySpan<byte> Name => _block.Slice(Offset + HeaderSize, NameLength);

    /// <summary>The hash that encrypted and casefolded directories keep behind each name, because it needs the key to be computed.</summary>
    public (uint Major, uint Minor) KeyedHash
    {
        get
        {
            int at = Offset + HeaderSize + AttributeLayout.Padded(NameLength);
            return at + KeyedHashSize <= End ? (_block.U32(at), _block.U32(at + sizeof(uint))) : default;
        }
    }

    /// <summary>In blocks of 64 KiB, a length of 65536 does not fit its field and is written as 65535 or 0.</summary>
    public static int DecodeLength(ushort stored, int blockSize) =>
        blockSize <= ushort.MaxValue ? stored
        : stored is 0 or ushort.MaxValue ? blockSize
        : (stored & 0xFFFC) | ((stored & 3) << 16);

    /// <summary>What the kernel checks before it shows an entry; None when all is well.</summary>
    public CorruptionReason Check(Superblock superblock, bool keyedHashes)
    {
        if (Offset + HeaderSize > _block.Length)
        {
            return CorruptionReason.DirectoryRecordCrossesBlock;
        }

        bool keyed = keyedHashes && !IsFake();
        int length = Length;
        if (length < MinimumLength(1, keyed))
        {
            return CorruptionReason.DirectoryRecordLength;
        }

        if (length % 4 != 0)
        {
            return CorruptionReason.DirectoryRecordAlignment;
        }

        if (length < MinimumLength(NameLength, keyed))
        {
            return CorruptionReason.DirectoryNameLength;
        }

        int minimumRest = MinimumLength(1, keyedHashes && !superblock.HasMetadataChecksums);
        if (End > _block.Length || (End > _block.Length - minimumRest && End != _block.Length))
        {
            return CorruptionReason.DirectoryRecordCrossesBlock;
        }

        if (Inode > superblock.InodesCount)
        {
            return CorruptionReason.DirectoryInodeRange;
        }

        bool dotFillsBlock = End == _block.Length && NameLength == 1 && Name[0] == '.';
        return dotFillsBlock ? CorruptionReason.DirectoryDotEntries : CorruptionReason.None;
    }

    private static int MinimumLength(int nameLength, bool keyed) =>
        AttributeLayout.Padded(HeaderSize + nameLength + (keyed ? KeyedHashSize : 0));

    // ".", ".." and the checksum at the end of a block never have a keyed hash.
    private bool IsFake()
    {
        int first = Offset + HeaderSize;
        return NameLength switch
        {
            0 => StoredType == ChecksumTailType,
            1 => first < _block.Length && _block[first] == '.',
            2 => first + 1 < _block.Length && _block[first] == '.' && _block[first + 1] == '.',
            _ => false,
        };
    }
}
