namespace Servers.Ext4;

/// <summary>The first words of every block of the log that is not a copy of a filesystem block.</summary>
internal readonly record struct JournalHeader(uint Magic, JournalBlockKind Kind, uint Sequence)
{
    public const int Size = 12;
    public const uint ExpectedMagic = 0xC03B_3998;

    public static JournalHeader Read(ReadOnlySpan<byte> block) => new(block.Be32(0), (JournalBlockKind)block.Be32(4), block.Be32(8));
}
