using System.Buffers.Binary;
using ServiceHost.Linux;

namespace ServiceHost.MountProtocol;

/// <summary>
/// Takes a packet apart, big-endian. The first thing that does not fit makes it fail for good: every later read gives zero, and
/// <see cref="IsComplete"/> is true only when nothing failed and not a byte is left over. So a decoder reads straight through
/// and asks once.
/// </summary>
public ref struct PacketReader
{
    private const uint MaxErrno = 4095;

    private ReadOnlySpan<byte> _rest;
    private bool _failed;

    public PacketReader(ReadOnlySpan<byte> packet) => _rest = packet;

    /// <summary>Starts behind the tag and fails when it is another one.</summary>
    public PacketReader(ReadOnlySpan<byte> packet, Tag tag)
        : this(packet)
    {
        if (U32() != (uint)tag)
        {
            Fail();
        }
    }

    public readonly bool IsComplete => !_failed && _rest.IsEmpty;

    public readonly bool HasFailed => _failed;

    public ushort U16() => Take(sizeof(ushort), out ReadOnlySpan<byte> bytes) ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : (ushort)0;

    public uint U32() => Take(sizeof(uint), out ReadOnlySpan<byte> bytes) ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : 0;

    public ulong U64() => Take(sizeof(ulong), out ReadOnlySpan<byte> bytes) ? BinaryPrimitives.ReadUInt64BigEndian(bytes) : 0;

    public uint[] U32Array(int count)
    {
        if (!Take(count * sizeof(uint), out ReadOnlySpan<byte> bytes))
        {
            return [];
        }

        uint[] values = new uint[count];
        for (int i = 0; i < count; i++)
        {
            values[i] = BinaryPrimitives.ReadUInt32BigEndian(bytes[(i * sizeof(uint))..]);
        }

        return values;
    }

    /// <summary>A number of objects that follow; more than <paramref name="maximum"/> fails.</summary>
    public int Count16(int maximum)
    {
        int count = U16();
        if (count > maximum)
        {
            Fail();
            return 0;
        }

        return count;
    }

    /// <summary>A u32 whose unknown bits fail: the vocabulary of a field that both sides must know in full.</summary>
    public uint Flags32(uint known)
    {
        uint flags = U32();
        if ((flags & ~known) != 0)
        {
            Fail();
        }

        return flags;
    }

    public void Reserved16()
    {
        if (U16() != 0)
        {
            Fail();
        }
    }

    public void Reserved32()
    {
        if (U32() != 0)
        {
            Fail();
        }
    }

    /// <summary>A u16 length and that many bytes without a NUL.</summary>
    public ReadOnlySpan<byte> Str16(int maximum)
    {
        int length = Count16(maximum);
        if (!Take(length, out ReadOnlySpan<byte> bytes) || bytes.Contains((byte)0))
        {
            Fail();
            return default;
        }

        return bytes;
    }

    /// <summary>A u32 length and that many bytes.</summary>
    public ReadOnlySpan<byte> Nested()
    {
        uint length = U32();
        if (length > Limits.PacketBytes)
        {
            Fail();
        }

        Take((int)Math.Min(length, Limits.PacketBytes), out ReadOnlySpan<byte> bytes);
        return bytes;
    }

    /// <summary>A type or role in its strict form; empty after a failure.</summary>
    public string Name16()
    {
        string? name = ProtocolName.TryDecode(Str16(Limits.NameBytes));
        if (name is null)
        {
            Fail();
        }

        return name ?? string.Empty;
    }

    /// <summary>Text for a person, made harmless: whoever decodes it can print it.</summary>
    public string Text16() => DisplayText.FromBytes(Str16(Limits.TextBytes));

    /// <summary>An errno or 0.</summary>
    public Errno Error32()
    {
        uint number = U32();
        if (number > MaxErrno)
        {
            Fail();
            return Errno.None;
        }

        return new Errno((int)number);
    }

    /// <summary>The rest of the packet: at least one byte, and the only NUL is the last one. The result is without it.</summary>
    public ReadOnlySpan<byte> TerminatedRest(int maximum)
    {
        ReadOnlySpan<byte> bytes = _rest;
        int nul = bytes.IndexOf((byte)0);
        if (_failed || nul < 1 || nul != bytes.Length - 1 || bytes.Length > maximum)
        {
            Fail();
            return default;
        }

        _rest = default;
        return bytes[..^1];
    }

    /// <summary>For a decoder that found a value which the layout allows and the protocol does not.</summary>
    public void Fail()
    {
        _failed = true;
        _rest = default;
    }

    private bool Take(int length, out ReadOnlySpan<byte> bytes)
    {
        if (_failed || length > _rest.Length)
        {
            Fail();
            bytes = default;
            return false;
        }

        bytes = _rest[..length];
        _rest = _rest[length..];
        return true;
    }
}
