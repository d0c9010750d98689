namespace ServiceHost.Linux;

/// <summary>Small files of /proc: read whole, at most 64 KiB unless said otherwise, and picked apart by line.</summary>
public static class ProcFile
{
    private const int Limit = 64 * 1024;

    /// <summary>Reads a file by its NUL-terminated absolute path.</summary>
    public static Errno Read(ReadOnlySpan<byte> pathTerminated, out byte[] contents, int limit = Limit) =>
        SmallFile.Read(Fd.Cwd, CString.FromTerminated(pathTerminated), limit, out contents);

    /// <summary>Reads on from where an open descriptor stands; EFBIG when there is more than <paramref name="limit"/>.</summary>
    public static Errno Read(Fd file, out byte[] contents, int limit = Limit) => SmallFile.ReadToEnd(file, limit, out contents);

    /// <summary>The text after <paramref name="key"/> at the start of a line, without blanks around it.</summary>
    public static bool TryField(ReadOnlySpan<byte> text, ReadOnlySpan<byte> key, out ReadOnlySpan<byte> value)
    {
        while (!text.IsEmpty)
        {
            int end = text.IndexOf((byte)'\n');
            ReadOnlySpan<byte> line = end < 0 ? text : text[..end];
            text = end < 0 ? default : text[(end + 1)..];
            if (line.StartsWith(key))
            {
                value = line[key.Length..].Trim(" \t"u8);
                return true;
            }
        }

        value = default;
        return false;
    }
}
