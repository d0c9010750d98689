using System.Buffers.Binary;

namespace Servers.Ext4.Server;

/// <summary>Four entries in the first sector; one of them may be a chain of sectors with the logical partitions.</summary>
internal sealed class MasterBootRecord(IBlockDevice device)
{
    public const int Size = 512;

    private const int SectorSize = 512;
    private const int EntriesOffset = 446;
    private const int EntrySize = 16;
    private const int PrimaryCount = 4;
    private const byte ProtectiveType = 0xEE;

    public static bool IsOne(ReadOnlySpan<byte> sector) => sector[510] == 0x55 && sector[511] == 0xAA;

    /// <summary>It only keeps tools that know no GPT away from the disk; none of its entries is a partition.</summary>
    public static bool IsProtective(ReadOnlySpan<byte> sector)
    {
        for (int i = 0; i < PrimaryCount; i++)
        {
            if (Entry.Read(sector, i).Type == ProtectiveType)
            {
                return true;
            }
        }

        return false;
    }

    public Partition? Find(int number)
    {
        Span<byte> sector = stackalloc byte[Size];
        if (!device.ReadAt(0, sector))
        {
            return null;
        }

        if (number <= PrimaryCount)
        {
            Entry entry = Entry.Read(sector, number - 1);
            return entry.IsEmpty || entry.IsExtended ? null : entry.From(0);
        }

        for (int i = 0; i < PrimaryCount; i++)
        {
            Entry entry = Entry.Read(sector, i);
            if (entry.IsExtended)
            {
                return FindLogical(entry.First, number - PrimaryCount);
            }
        }

        return null;
    }

    // Each link holds one partition and where the next link is, counted from the first. A chain may go in circles: the number bounds it.
    private Partition? FindLogical(uint extended, int place)
    {
        Span<byte> sector = stackalloc byte[Size];
        long link = extended;
        for (int i = 1; i <= place; i++)
        {
            if (!device.ReadAt(link * SectorSize, sector) || !IsOne(sector))
            {
                return null;
            }

            Entry entry = Entry.Read(sector, 0), next = Entry.Read(sector, 1);
            if (i == place)
            {
                return entry.IsEmpty ? null : entry.From(link);
            }

            if (next.IsEmpty)
            {
                return null;
            }

            link = (long)extended + next.First;
        }

        return null;
    }

    private readonly record struct Entry(byte Type, uint First, uint Count)
    {
        public bool IsEmpty => Type == 0 || Count == 0;

        public bool IsExtended => Type is 0x05 or 0x0F or 0x85;

        public static Entry Read(ReadOnlySpan<byte> sector, int index)
        {
            ReadOnlySpan<byte> entry = sector.Slice(EntriesOffset + (index * EntrySize), EntrySize);
            return new Entry(entry[4], BinaryPrimitives.ReadUInt32LittleEndian(entry[8..]), BinaryPrimitives.ReadUInt32LittleEndian(entry[12..]));
        }

        public Partition From(long sector) => new((sector + First) * SectorSize, (long)Count * SectorSize);
    }
}
