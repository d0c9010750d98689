using System.Buffers.Binary;
using ServiceHost.Linux;

namespace ServiceHost.Linux.Tests;

public class DirentReaderTests
{
    [Fact]
    public void Reads_records_in_their_order_and_points_into_the_buffer()
    {
        byte[] records = [.. Record(7, 100, 8, "file"u8), .. Record(8, -1, 4, "d"u8)];
        DirentReader reader = new(records);
        Assert.True(reader.TryRead(out Dirent first));
        Assert.Equal((7ul, 100L, 8, 24), (first.Ino, first.NextOffset, first.Type, first.RecordLength));
        Assert.Equal("file", first.Name.ToString());
        Assert.True(reader.TryRead(out Dirent second));
        Assert.Equal((8ul, -1L), (second.Ino, second.NextOffset));
        Assert.False(reader.TryRead(out _));
    }

    [Theory]
    [InlineData("."), InlineData("..")]
    public void Knows_the_two_names_that_are_no_entries(string name)
    {
        DirentReader reader = new(Record(1, 1, 4, System.Text.Encoding.UTF8.GetBytes(name)));
        Assert.True(reader.TryRead(out Dirent entry));
        Assert.True(entry.IsDotOrDotDot);
    }

    [Fact]
    public void A_record_longer_than_the_rest_ends_the_walk()
    {
        byte[] record = Record(1, 1, 4, "name"u8);
        for (int length = 0; length < record.Length; length++)
        {
            DirentReader reader = new(record.AsSpan(0, length));
            Assert.False(reader.TryRead(out _));
        }
    }

    [Theory]
    [InlineData(0), InlineData(18), InlineData(19), InlineData(65535)]
    public void A_record_that_lies_about_its_length_ends_the_walk(int length)
    {
        byte[] record = Record(1, 1, 4, "name"u8);
        BinaryPrimitives.WriteUInt16LittleEndian(record.AsSpan(16), (ushort)length);
        DirentReader reader = new(record);
        Assert.False(reader.TryRead(out _));
    }

    [Fact]
    public void A_name_without_end_ends_the_walk()
    {
        byte[] record = Record(1, 1, 4, "name"u8);
        record.AsSpan(19).Fill((byte)'x');
        DirentReader reader = new(record);
        Assert.False(reader.TryRead(out _));
    }

    private static byte[] Record(ulong ino, long next, byte type, ReadOnlySpan<byte> name)
    {
        byte[] record = new byte[(19 + name.Length + 1 + 7) & ~7];
        BinaryPrimitives.WriteUInt64LittleEndian(record, ino);
        BinaryPrimitives.WriteInt64LittleEndian(record.AsSpan(8), next);
        BinaryPrimitives.WriteUInt16LittleEndian(record.AsSpan(16), (ushort)record.Length);
        record[18] = type;
        name.CopyTo(record.AsSpan(19));
        return record;
    }
}
