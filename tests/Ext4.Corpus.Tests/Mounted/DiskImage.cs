using System.Buffers.Binary;

namespace Ext4.Corpus.Tests;

/// <summary>A disk with a filesystem at sector 8192, and partition tables written byte by byte, so that they can be wrong.</summary>
internal sealed class DiskImage : IDisposable
{
    public const int Sector = 512;
    public const int FirstSector = 8192;
    public const int Sectors = 16384;

    private const int AllSectors = 40_000;
    private readonly string _work = MemoryDirectory.Create("ext4-disk-");

    public DiskImage()
    {
        string filesystem = System.IO.Path.Combine(_work, "filesystem"), tree = System.IO.Path.Combine(_work, "tree");
        BaseTree.Fill(tree);
        Tool.Run("mke2fs", "-q", "-F", "-b", "1024", "-N", "512", "-d", tree, filesystem, "8M");
        using (FileStream image = File.Create(Path)) image.SetLength((long)AllSectors * Sector);
        Write(FirstSector * Sector, File.ReadAllBytes(filesystem));
    }

    public string Path => System.IO.Path.Combine(_work, "disk");

    public void Write(long offset, byte[] bytes)
    {
        using FileStream image = File.OpenWrite(Path);
        image.Position = offset;
        image.Write(bytes);
    }

    /// <summary>One MBR entry, in the first sector or in a link of the chain of logical partitions.</summary>
    public DiskImage Mbr(uint sector, int entry, byte type, uint first, uint count)
    {
        byte[] bytes = new byte[16];
        bytes[4] = type;
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(8), first);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(12), count);
        Write((sector * Sector) + 446 + (entry * 16), bytes);
        Write((sector * Sector) + 510, [0x55, 0xAA]);
        return this;
    }

    /// <summary>A GPT with the filesystem as partition 2, primary and backup.</summary>
    public DiskImage Gpt()
    {
        byte[] entries = new byte[4 * 128];
        Span<byte> second = entries.AsSpan(128);
        second[..16].Fill(0x83);
        BinaryPrimitives.WriteUInt64LittleEndian(second[32..], FirstSector);
        BinaryPrimitives.WriteUInt64LittleEndian(second[40..], FirstSector + Sectors - 1);
        Write(2 * Sector, entries);
        Write(Sector, Header(1, entries));
        Write((AllSectors - 1L) * Sector, Header(AllSectors - 1, entries));
        return Mbr(0, 0, 0xEE, 1, AllSectors - 1);
    }

    private static byte[] Header(ulong place, byte[] entries)
    {
        byte[] header = new byte[92];
        "EFI PART"u8.CopyTo(header);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(12), 92);
        BinaryPrimitives.WriteUInt64LittleEndian(header.AsSpan(24), place);
        BinaryPrimitives.WriteUInt64LittleEndian(header.AsSpan(72), 2);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(80), 4);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(84), 128);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(88), Checksum(entries));
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(16), Checksum(header));
        return header;
    }

    private static uint Checksum(byte[] bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in bytes)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++) crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xEDB8_8320 : crc >> 1;
        }

        return ~crc;
    }

    public void Dispose() => Directory.Delete(_work, recursive: true);
}
