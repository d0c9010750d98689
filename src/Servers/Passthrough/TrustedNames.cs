namespace Servers.Passthrough;

/// <summary>The trusted.* part of a list of extended attribute names.</summary>
internal static class TrustedNames
{
    private static ReadOnlySpan<byte> Prefix => "trusted."u8;

    public static bool Has(ReadOnlySpan<byte> name) => name.StartsWith(Prefix);

    /// <summary>
    /// Moves the other names (each with a NUL behind it) to the front and returns their length. A caller who asks for the size first is told
    /// that of the source: a buffer may be larger than what comes.
    /// </summary>
    public static int Remove(Span<byte> list)
    {
        int kept = 0;
        for (int start = 0; start < list.Length;)
        {
            int end = list[start..].IndexOf((byte)0);
            int length = end < 0 ? list.Length - start : end + 1;
            if (!Has(list.Slice(start, length)))
            {
                list.Slice(start, length).CopyTo(list[kept..]);
                kept += length;
            }

            start += length;
        }

        return kept;
    }
}
