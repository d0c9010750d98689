namespace Servers.Ext4;

/// <summary>A journal on a device of its own: a superblock of ext4 that says so, and the journal behind it.</summary>
internal sealed class JournalDevice : JournalStore
{
    private const int ChecksumOffset = 0x3FC;

    private readonly IBlockDevice _device;
    private readonly ulong _start;

    private JournalDevice(IBlockDevice device, int blockSize, ulong start, ulong length)
    {
        _device = device;
        _start = start;
        BlockSize = blockSize;
        Length = length;
    }

    public override int BlockSize { get; }

    public override ulong Length { get; }

    /// <summary>Checks that this is the journal which the filesystem was made with.</summary>
    public static JournalDevice Open(IBlockDevice device, Superblock filesystem)
    {
        byte[] bytes = new byte[Superblock.Size];
        if (!device.ReadAt(Superblock.Offset, bytes))
        {
            throw Ext4Exception.Io(CorruptionReason.DeviceFailed);
        }

        ReadOnlySpan<byte> sb = bytes;
        ushort s_magic = sb.U16(0x38);
        var s_feature_incompat = (IncompatFeatures)sb.U32(0x60);
        Check(s_magic == Superblock.Magic && (s_feature_incompat & IncompatFeatures.JournalDev) != 0, CorruptionReason.NotAJournal, s_magic);
        VerifyChecksum(sb);
        Check(new Guid(sb.Slice(0x68, 16), bigEndian: true) == filesystem.JournalUuid, CorruptionReason.JournalUuid, 0);
        // The superblock has the block that its offset falls into to itself; blocks count from there.
        ulong start = ((ulong)Superblock.Offset / (ulong)filesystem.BlockSize) + 1;
        return new JournalDevice(device, filesystem.BlockSize, start, sb.U32(0x04));
    }

    public override void Read(uint block, Span<byte> buffer)
    {
        if (block >= Length || !_device.ReadAt((long)((_start + block) * (ulong)BlockSize), buffer))
        {
            throw Ext4Exception.Io(CorruptionReason.DeviceFailed, block: block);
        }
    }

    private static void VerifyChecksum(ReadOnlySpan<byte> sb)
    {
        var s_feature_ro_compat = (ReadOnlyCompatFeatures)sb.U32(0x64);
        uint computed = Crc32c.Append(Crc32c.Initial, sb[..ChecksumOffset]);
        if ((s_feature_ro_compat & ReadOnlyCompatFeatures.MetadataCsum) != 0 && sb.U32(ChecksumOffset) != computed)
        {
            throw Ext4Exception.BadChecksum(CorruptionReason.JournalSuperblockChecksum, 0, 0, sb.U32(ChecksumOffset), computed);
        }
    }

    private static void Check(bool condition, CorruptionReason reason, ulong value)
    {
        if (!condition)
        {
            throw Ext4Exception.Corrupted(reason, value: value);
        }
    }
}
