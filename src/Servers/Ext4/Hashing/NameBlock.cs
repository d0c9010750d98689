namespace Servers.Ext4;

/// <summary>Packs the next part of a name into the words that a hash round takes.</summary>
internal static class NameBlock
{
    /// <summary>Fills <paramref name="words"/> from the start of <paramref name="name"/>; what is left over is padding made of the length.</summary>
    public static void Fill(Span<uint> words, ReadOnlySpan<byte> name, bool signed)
    {
        unchecked
        {
            uint padding = (uint)name.Length | ((uint)name.Length << 8);
            padding |= padding << 16;
            words.Fill(padding);
            int used = Math.Min(name.Length, words.Length * sizeof(uint));
            uint word = padding;
            for (int i = 0; i < used; i++)
            {
                int character = signed ? (sbyte)name[i] : name[i];
                word = (uint)character + (word << 8);
                words[i / sizeof(uint)] = word;
                if (i % sizeof(uint) == sizeof(uint) - 1) word = padding;
            }
        }
    }
}
