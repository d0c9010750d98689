using System.Buffers.Binary;
using System.Text;
using Servers.Ext4;

namespace Ext4.Tests;

/// <summary>An image whose log is empty but live, with fast commits behind it that a test writes record by record.</summary>
internal sealed class FastCommitImage
{
    private const int BlockSize = 1024;
    private const uint Sequence = 7;
    private const uint FastCommitBlocks = 256;
    private const uint JournalInode = 8;

    private readonly ImageSurgeon _image;
    private readonly uint _journalBlocks;
    private readonly List<byte> _records = [];

    public FastCommitImage(ImageSurgeon image)
    {
        _image = image;
        int superblock = JournalOffset(0);
        _journalBlocks = BinaryPrimitives.ReadUInt32BigEndian(Bytes(superblock + 0x10));
        BinaryPrimitives.WriteUInt32BigEndian(Bytes(superblock + 0x18), Sequence);
        BinaryPrimitives.WriteUInt32BigEndian(Bytes(superblock + 0x1C), 1);
        BinaryPrimitives.WriteUInt32BigEndian(Bytes(superblock + 0x28), (uint)JournalFeatures.FastCommit);
        BinaryPrimitives.WriteUInt32BigEndian(Bytes(superblock + 0x54), FastCommitBlocks);
        _image.Put32(1024 + 0x60, _image.Get32(1024 + 0x60) | (uint)IncompatFeatures.Recover);
        Record(FastCommitTag.Head, [.. BitConverter.GetBytes(0), .. BitConverter.GetBytes(Sequence)]);
    }

    /// <summary>Root's directory and an inode, and a name that does or does not lead from one to the other.</summary>
    public FastCommitImage Name(FastCommitTag tag, uint inode, string name) =>
        Record(tag, [.. BitConverter.GetBytes(InodeNumber.Root.Value), .. BitConverter.GetBytes(inode), .. Encoding.Latin1.GetBytes(name)]);

    public FastCommitImage DelRange(uint inode, uint fileBlock, uint count) =>
        Record(FastCommitTag.DelRange, [.. BitConverter.GetBytes(inode), .. BitConverter.GetBytes(fileBlock), .. BitConverter.GetBytes(count)]);

    public FastCommitImage AddRange(uint inode, uint fileBlock, ushort count, uint block) => Record(FastCommitTag.AddRange,
        [.. BitConverter.GetBytes(inode), .. BitConverter.GetBytes(fileBlock), .. BitConverter.GetBytes(count), 0, 0, .. BitConverter.GetBytes(block)]);

    public FastCommitImage Record(FastCommitTag tag, byte[] value)
    {
        _records.AddRange(BitConverter.GetBytes((ushort)tag));
        _records.AddRange(BitConverter.GetBytes((ushort)value.Length));
        _records.AddRange(value);
        return this;
    }

    /// <summary>Ends the commit with its checksum, or with a wrong one, and writes all of it.</summary>
    public ImageSurgeon Seal(uint lie = 0)
    {
        const int tailSize = 8;
        _records.AddRange(BitConverter.GetBytes((ushort)FastCommitTag.Tail));
        _records.AddRange(BitConverter.GetBytes((ushort)tailSize));
        _records.AddRange(BitConverter.GetBytes(Sequence));
        uint checksum = Crc32c.Append(0, _records.ToArray());
        _records.AddRange(BitConverter.GetBytes(checksum ^ lie));
        Assert.InRange(_records.Count, 0, BlockSize);
        _image.Put(JournalOffset(_journalBlocks - FastCommitBlocks + 1), [.. _records]);
        return _image;
    }

    private Span<byte> Bytes(int offset) => _image.Device.Bytes.AsSpan(offset);

    private int JournalOffset(uint block)
    {
        VolumeCore core = _image.Core();
        Inode journal = core.Inodes.Get(new InodeNumber(JournalInode), InodeUse.Special);
        return (int)BlockMap.Lookup(core, journal, block).Start.Value * BlockSize;
    }
}
