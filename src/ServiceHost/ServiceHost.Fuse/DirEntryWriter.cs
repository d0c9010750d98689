using System.Runtime.InteropServices;

namespace ServiceHost.Fuse;

/// <summary>Writes records of READDIR into the reply. The same writer, with a gap for the attributes, serves READDIRPLUS.</summary>
public ref struct DirEntryWriter
{
    private const int DirentSize = 24;
    private readonly Span<byte> _reply;
    private readonly int _gap;

    internal DirEntryWriter(Span<byte> reply, int gap)
    {
        _reply = reply;
        _gap = gap;
    }

    /// <summary>Bytes written so far.</summary>
    public int Length { get; private set; }

    /// <summary>Whether an entry with a name of this length still fits: to be asked before anything is counted or opened for it.</summary>
    public readonly bool HasRoomFor(int nameLength) =>
        (uint)nameLength <= FuseProtocol.MaxName && RecordSize(nameLength) <= _reply.Length - Length;

    /// <summary>
    /// Adds one entry; false, and nothing written, when it does not fit. <paramref name="nextOffset"/> is the cookie with which a later READDIR
    /// continues behind this entry, <paramref name="type"/> is DT_* (the file type bits of a mode, shifted right by 12).
    /// </summary>
    public bool TryAdd(ReadOnlySpan<byte> name, ulong ino, ulong nextOffset, uint type) =>
        TryAdd(default, name, ino, nextOffset, type);

    internal bool TryAdd(in FuseEntryOut entry, ReadOnlySpan<byte> name, ulong ino, ulong nextOffset, uint type)
    {
        ThrowIfNotAName(name);
        if (!HasRoomFor(name.Length))
        {
            return false;
        }

        Span<byte> record = _reply.Slice(Length, RecordSize(name.Length));
        if (_gap != 0)
        {
            MemoryMarshal.Write(record, entry);
        }

        FuseDirent dirent = new() { Ino = ino, Off = nextOffset, NameLen = (uint)name.Length, Type = type };
        MemoryMarshal.Write(record[_gap..], dirent);
        name.CopyTo(record[(_gap + DirentSize)..]);
        record[(_gap + DirentSize + name.Length)..].Clear();
        Length += record.Length;
        return true;
    }

    // The kernel fails the whole READDIR with EIO for such a name; here the culprit is on the stack.
    private static void ThrowIfNotAName(ReadOnlySpan<byte> name)
    {
        if (name.IsEmpty || name.Length > FuseProtocol.MaxName || name.IndexOfAny((byte)'/', (byte)0) >= 0)
        {
            throw new ArgumentException("A directory entry needs a name without '/' and NUL.", nameof(name));
        }
    }

    private readonly int RecordSize(int nameLength) => (_gap + DirentSize + nameLength + 7) & ~7;
}
