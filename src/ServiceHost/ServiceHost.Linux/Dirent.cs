namespace ServiceHost.Linux;

/// <summary>One directory entry, pointing into the buffer it was read from.</summary>
public readonly ref struct Dirent
{
    public ulong Ino { get; init; }

    /// <summary>Where to continue after this entry; opaque, and any 64-bit value.</summary>
    public long NextOffset { get; init; }

    /// <summary>DT_*; 0 when the filesystem does not say.</summary>
    public byte Type { get; init; }

    /// <summary>Bytes that the record takes in the buffer.</summary>
    public int RecordLength { get; init; }

    public CString Name { get; init; }

    public bool IsDotOrDotDot => Name.Bytes is [(byte)'.'] or [(byte)'.', (byte)'.'];
}
