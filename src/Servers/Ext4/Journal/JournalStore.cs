namespace Servers.Ext4;

/// <summary>The blocks of a journal by their number in it, wherever they lie.</summary>
internal abstract class JournalStore
{
    public abstract int BlockSize { get; }

    /// <summary>How many blocks there can be; the journal's superblock says how many there are.</summary>
    public abstract ulong Length { get; }

    /// <exception cref="Ext4Exception">The block is not there, or the device could not read it.</exception>
    public abstract void Read(uint block, Span<byte> buffer);
}
