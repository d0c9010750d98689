using System.Buffers.Binary;

namespace Servers.Ext4.Server;

/// <summary>GPT, from its primary header or, when that is damaged, from the backup in the last sector.</summary>
internal sealed class GuidPartitionTable
{
    private const ulong Signature = 0x5452_4150_2049_4645;
    private const int HeaderSize = 92;
    private const int LargestHeader = 512;
    private const int ChecksumOffset = 16;
    private const int SmallestEntry = 128;
    private const int LargestEntry = 4096;
    private const int MostEntries = 1024;

    private readonly IBlockDevice _device;
    private readonly int _sectorSize;
    private readonly long _entries;
    private readonly int _count;
    private readonly int _entrySize;

    private GuidPartitionTable(IBlockDevice device, int sectorSize, long entries, int count, int entrySize) =>
        (_device, _sectorSize, _entries, _count, _entrySize) = (device, sectorSize, entries, count, entrySize);

    public static bool TryRead(IBlockDevice device, int sectorSize, out GuidPartitionTable? table)
    {
        table = ReadHeader(device, sectorSize, sectorSize)
            ?? ReadHeader(device, sectorSize, (device.Length / sectorSize * sectorSize) - sectorSize);
        return table is not null;
    }

    public Partition? Find(int number)
    {
        Span<byte> entry = stackalloc byte[SmallestEntry];
        if (number > _count || !_device.ReadAt(_entries + ((number - 1L) * _entrySize), entry))
        {
            return null;
        }

        ulong first = BinaryPrimitives.ReadUInt64LittleEndian(entry[32..]), last = BinaryPrimitives.ReadUInt64LittleEndian(entry[40..]);
        bool unused = !entry[..16].ContainsAnyExcept((byte)0);
        ulong sectors = (ulong)_device.Length / (ulong)_sectorSize;
        return unused || first > last || last >= sectors
            ? null
            : new Partition((long)first * _sectorSize, (long)(last - first + 1) * _sectorSize);
    }

    private static GuidPartitionTable? ReadHeader(IBlockDevice device, int sectorSize, long offset)
    {
        Span<byte> header = stackalloc byte[LargestHeader];
        if (offset <= 0 || !device.ReadAt(offset, header) || BinaryPrimitives.ReadUInt64LittleEndian(header) != Signature)
        {
            return null;
        }

        uint size = BinaryPrimitives.ReadUInt32LittleEndian(header[12..]);
        if (size is < HeaderSize or > LargestHeader || !HasRightChecksum(header[..(int)size]))
        {
            return null;
        }

        ulong entries = BinaryPrimitives.ReadUInt64LittleEndian(header[72..]);
        uint count = BinaryPrimitives.ReadUInt32LittleEndian(header[80..]), entrySize = BinaryPrimitives.ReadUInt32LittleEndian(header[84..]);
        bool sane = entries < (ulong)device.Length / (ulong)sectorSize && count is > 0 and <= MostEntries
            && entrySize is >= SmallestEntry and <= LargestEntry;
        bool here = BinaryPrimitives.ReadUInt64LittleEndian(header[24..]) == (ulong)(offset / sectorSize);
        if (!sane || !here)
        {
            return null;
        }

        var table = new GuidPartitionTable(device, sectorSize, (long)entries * sectorSize, (int)count, (int)entrySize);
        return table.HaveEntries(BinaryPrimitives.ReadUInt32LittleEndian(header[88..])) ? table : null;
    }

    private bool HaveEntries(uint checksum)
    {
        byte[] all = new byte[_count * _entrySize];
        return _device.ReadAt(_entries, all) && Crc32.Of(all) == checksum;
    }

    private static bool HasRightChecksum(Span<byte> header)
    {
        uint stored = BinaryPrimitives.ReadUInt32LittleEndian(header[ChecksumOffset..]);
        header.Slice(ChecksumOffset, sizeof(uint)).Clear();
        return stored == Crc32.Of(header);
    }
}
