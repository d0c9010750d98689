namespace ServiceHost.Linux;

/// <summary>
/// Bytes that end in exactly one NUL, which is what a path or name argument of the kernel is. File names are bytes, never
/// strings; the type makes the terminator a fact instead of a hope. default is the empty string.
/// </summary>
public readonly ref struct CString
{
    private readonly ReadOnlySpan<byte> _terminated;

    private CString(ReadOnlySpan<byte> terminated) => _terminated = terminated;

    /// <summary>The bytes with the NUL; never empty.</summary>
    public ReadOnlySpan<byte> Terminated => _terminated.IsEmpty ? "\0"u8 : _terminated;

    /// <summary>The bytes without the NUL.</summary>
    public ReadOnlySpan<byte> Bytes => Terminated[..^1];

    public int Length => Terminated.Length - 1;

    /// <summary>Accepts a span whose last byte is its only NUL.</summary>
    public static bool TryCreate(ReadOnlySpan<byte> terminated, out CString value)
    {
        bool ok = !terminated.IsEmpty && terminated.IndexOf((byte)0) == terminated.Length - 1;
        value = ok ? new CString(terminated) : default;
        return ok;
    }

    /// <summary>For literals ("name\0"u8) and buffers this code wrote itself; anything from outside goes through TryCreate.</summary>
    public static CString FromTerminated(ReadOnlySpan<byte> terminated) =>
        TryCreate(terminated, out CString value)
            ? value
            : throw new ArgumentException("The bytes must end in their only NUL.", nameof(terminated));

    /// <summary>Copies <paramref name="bytes"/> and a NUL into <paramref name="buffer"/>; false when it does not fit or contains a NUL.</summary>
    public static bool TryCopy(ReadOnlySpan<byte> bytes, Span<byte> buffer, out CString value)
    {
        value = default;
        if (bytes.Length >= buffer.Length || bytes.Contains((byte)0))
        {
            return false;
        }

        bytes.CopyTo(buffer);
        buffer[bytes.Length] = 0;
        value = new CString(buffer[..(bytes.Length + 1)]);
        return true;
    }

    /// <summary>A new terminated array for the UTF-8 form of <paramref name="text"/>; throws when it contains a NUL.</summary>
    public static byte[] Allocate(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Contains('\0', StringComparison.Ordinal))
        {
            throw new ArgumentException("The text contains a NUL.", nameof(text));
        }

        byte[] bytes = new byte[System.Text.Encoding.UTF8.GetByteCount(text) + 1];
        System.Text.Encoding.UTF8.GetBytes(text, bytes);
        return bytes;
    }

    /// <summary>For display only: bytes that are not UTF-8 become replacement characters.</summary>
    public override string ToString() => System.Text.Encoding.UTF8.GetString(Bytes);
}
