using System.Buffers.Binary;

namespace ServiceHost.Linux;

/// <summary>
/// Walks the records that getdents64(2) wrote, without a copy and without garbage. A record that does not fit its own length ends
/// the walk: the bytes may come from a filesystem that nobody vouches for.
/// </summary>
public ref struct DirentReader(ReadOnlySpan<byte> records)
{
    // struct linux_dirent64: d_ino u64, d_off s64, d_reclen u16, d_type u8, d_name.
    private const int NextOffsetField = 8;
    private const int RecordLengthField = 16;
    private const int TypeField = 18;
    private const int NameField = 19;

    private ReadOnlySpan<byte> _rest = records;

    /// <summary>The number of bytes not yet read.</summary>
    public readonly int Remaining => _rest.Length;

    public bool TryRead(out Dirent entry)
    {
        entry = default;
        if (_rest.Length <= NameField)
        {
            return false;
        }

        int length = BinaryPrimitives.ReadUInt16LittleEndian(_rest[RecordLengthField..]);
        if (length <= NameField || length > _rest.Length)
        {
            return false;
        }

        ReadOnlySpan<byte> name = _rest[NameField..length];
        int terminator = name.IndexOf((byte)0);
        if (terminator < 0 || !CString.TryCreate(name[..(terminator + 1)], out CString text))
        {
            return false;
        }

        entry = new Dirent
        {
            Ino = BinaryPrimitives.ReadUInt64LittleEndian(_rest),
            NextOffset = BinaryPrimitives.ReadInt64LittleEndian(_rest[NextOffsetField..]),
            Type = _rest[TypeField],
            RecordLength = length,
            Name = text,
        };
        _rest = _rest[length..];
        return true;
    }
}
