using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace ServiceHost.Diagnostics;

/// <summary>
/// One entry of systemd-journald's native protocol: fields as "NAME=value" lines, or, for a value that is no single line of text, the
/// name, a little-endian length and the bytes. With a length nothing in a value can begin another field.
/// </summary>
internal sealed class JournalEntry
{
    /// <summary>A datagram of this size is always taken; a longer message is cut.</summary>
    public const int MaxMessageBytes = 32 * 1024;

    private readonly ArrayBufferWriter<byte> _bytes = new();

    /// <summary>A copy of fields that do not change comes first.</summary>
    public JournalEntry(ReadOnlySpan<byte> before) => _bytes.Write(before);

    public JournalEntry Message(LogLevel level, string text)
    {
        byte[] message = Encoding.UTF8.GetBytes(text);
        return Add("PRIORITY", Encoding.ASCII.GetBytes(((int)level).ToString(CultureInfo.InvariantCulture)))
            .Add("MESSAGE", message.AsSpan(0, Cut(message)));
    }

    public JournalEntry Add(string name, ReadOnlySpan<byte> value)
    {
        _bytes.Write(Encoding.ASCII.GetBytes(name));
        if (value.IndexOfAnyInRange((byte)0, (byte)0x1F) < 0)
        {
            _bytes.Write("="u8);
        }
        else
        {
            Span<byte> length = stackalloc byte[sizeof(ulong)];
            BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)value.Length);
            _bytes.Write("\n"u8);
            _bytes.Write(length);
        }

        _bytes.Write(value);
        _bytes.Write("\n"u8);
        return this;
    }

    public byte[] ToArray() => _bytes.WrittenSpan.ToArray();

    // Between two characters: what is no UTF-8 is not shown as text.
    private static int Cut(ReadOnlySpan<byte> text)
    {
        int length = Math.Min(text.Length, MaxMessageBytes);
        while (length < text.Length && (text[length] & 0xC0) == 0x80)
        {
            length--;
        }

        return length;
    }
}
