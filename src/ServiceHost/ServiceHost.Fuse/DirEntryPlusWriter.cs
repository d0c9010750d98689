using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace ServiceHost.Fuse;

/// <summary>Writes records of READDIRPLUS into the reply.</summary>
public ref struct DirEntryPlusWriter
{
    private DirEntryWriter _entries;

    internal DirEntryPlusWriter(Span<byte> reply) => _entries = new DirEntryWriter(reply, Unsafe.SizeOf<FuseEntryOut>());

    /// <summary>Bytes written so far.</summary>
    public readonly int Length => _entries.Length;

    /// <summary>The plain writer over the same reply: its entries have node id 0, which tells the kernel to look them up when needed.</summary>
    [UnscopedRef]
    public ref DirEntryWriter WithoutAttributes => ref _entries;

    /// <summary>Whether an entry with a name of this length still fits: ask before the lookup is counted.</summary>
    public readonly bool HasRoomFor(int nameLength) => _entries.HasRoomFor(nameLength);

    /// <summary>Adds one entry, see <see cref="DirEntryWriter.TryAdd(ReadOnlySpan{byte}, ulong, ulong, uint)"/>; when false, undo the lookup.</summary>
    public bool TryAdd(in FuseEntryOut entry, ReadOnlySpan<byte> name, ulong ino, ulong nextOffset, uint type) =>
        _entries.TryAdd(entry, name, ino, nextOffset, type);
}
