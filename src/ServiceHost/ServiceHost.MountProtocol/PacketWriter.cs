using System.Buffers.Binary;
using System.Text;

namespace ServiceHost.MountProtocol;

/// <summary>
/// Builds a packet, big-endian. What it writes is ours, so a value beyond its limit is a bug and throws; text for a person is cut
/// instead, because a long reason is no reason to fail.
/// </summary>
public ref struct PacketWriter
{
    private byte[] _buffer = new byte[256];
    private int _length;

    public PacketWriter(Tag tag) => U32((uint)tag);

    public readonly byte[] ToPacket()
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(_length, Limits.PacketBytes);
        return _buffer[.._length];
    }

    /// <summary>For what does not travel as a packet.</summary>
    public readonly byte[] ToArray() => _buffer[.._length];

    /// <summary>A u32 length and that many bytes, for a packet within something larger.</summary>
    public void Nested(ReadOnlySpan<byte> packet)
    {
        U32((uint)packet.Length);
        packet.CopyTo(Grow(packet.Length));
    }

    public void U16(ushort value) => BinaryPrimitives.WriteUInt16BigEndian(Grow(sizeof(ushort)), value);

    public void U32(uint value) => BinaryPrimitives.WriteUInt32BigEndian(Grow(sizeof(uint)), value);

    public void U64(ulong value) => BinaryPrimitives.WriteUInt64BigEndian(Grow(sizeof(ulong)), value);

    public void Count16(int count, int maximum)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, maximum);
        U16((ushort)count);
    }

    public void Name16(string name)
    {
        if (!ProtocolName.IsValid(name))
        {
            throw new ArgumentException($"'{name}' is no type or role.", nameof(name));
        }

        Str16(Encoding.ASCII.GetBytes(name));
    }

    /// <summary>Text for a person, cut at a character boundary; NULs become spaces.</summary>
    public void Text16(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        Span<byte> bytes = stackalloc byte[Limits.TextBytes];
        Encoding.UTF8.GetEncoder().Convert(text.Replace('\0', ' '), bytes, flush: true, out _, out int length, out _);
        Str16(bytes[..length]);
    }

    /// <summary>The bytes and one NUL, which must be the end of the packet.</summary>
    public void TerminatedRest(scoped ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty || bytes.Contains((byte)0))
        {
            throw new ArgumentException("A string of v1 is not empty and has no NUL.", nameof(bytes));
        }

        bytes.CopyTo(Grow(bytes.Length));
        Grow(1)[0] = 0;
    }

    /// <summary>A u16 length and the bytes, which the reader takes without a NUL only.</summary>
    public void Str16(scoped ReadOnlySpan<byte> bytes)
    {
        U16((ushort)bytes.Length);
        bytes.CopyTo(Grow(bytes.Length));
    }

    private Span<byte> Grow(int length)
    {
        if (_length + length > _buffer.Length)
        {
            Array.Resize(ref _buffer, Math.Max(2 * _buffer.Length, _length + length));
        }

        Span<byte> slot = _buffer.AsSpan(_length, length);
        _length += length;
        return slot;
    }
}
