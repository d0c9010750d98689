namespace Servers.Ext4;

/// <summary>
/// The block in which hosts that share a device tell each other that one of them has the filesystem mounted. A reader does not take
/// part, as in the kernel; it can only say that somebody else seems to be at it.
/// </summary>
/// <param name="Sequence">Counts up while a host has it mounted; one value means clean, another that it is being checked.</param>
/// <param name="Time">When the block was last written, in seconds since 1970.</param>
/// <param name="Node">The host that wrote it, bytes up to the first NUL.</param>
/// <param name="Device">What that host calls the device.</param>
public readonly record struct MultiMountState(uint Sequence, ulong Time, byte[] Node, byte[] Device)
{
    private const uint Magic = 0x004D_4D50;
    private const uint Clean = 0xFF4D_4D50;
    private const uint Checking = 0xE24D_4D50;
    private const int NodeSize = 64;
    private const int DeviceSize = 32;
    private const int ChecksumOffset = 0x3FC;

    /// <summary>Somebody had it mounted when the block was written.</summary>
    public bool IsActive => Sequence is not (Clean or Checking);

    public bool IsBeingChecked => Sequence == Checking;

    internal static MultiMountState Decode(ReadOnlySpan<byte> mmp, FsBlock block, Superblock superblock)
    {
        if (mmp.U32(0) != Magic)
        {
            throw Ext4Exception.Corrupted(CorruptionReason.MultiMountBlock, 0, block.Value, mmp.U32(0), Magic);
        }

        uint computed = Crc32c.Append(superblock.ChecksumSeed, mmp[..ChecksumOffset]);
        if (superblock.HasMetadataChecksums && mmp.U32(ChecksumOffset) != computed)
        {
            throw Ext4Exception.BadChecksum(CorruptionReason.MultiMountBlock, 0, block.Value, mmp.U32(ChecksumOffset), computed);
        }

        return new MultiMountState(mmp.U32(4), mmp.U64(8), UpToNul(mmp.Slice(16, NodeSize)), UpToNul(mmp.Slice(80, DeviceSize)));
    }

    private static byte[] UpToNul(ReadOnlySpan<byte> field)
    {
        int end = field.IndexOf((byte)0);
        return field[..(end < 0 ? field.Length : end)].ToArray();
    }
}
