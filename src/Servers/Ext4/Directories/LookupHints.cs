namespace Servers.Ext4;

/// <summary>
/// Where in a directory without an index the last name was found: names are mostly looked up in the order they are listed, and without
/// this a walk would take quadratic time. Lossy and shared by all threads; a wrong hint costs time only.
/// </summary>
internal sealed class LookupHints
{
    private const int SlotCount = 256;

    // Inode number in the upper half, block in the lower.
    private readonly ulong[] _slots = new ulong[SlotCount];

    public uint Get(uint inode)
    {
        ulong slot = Volatile.Read(ref _slots[inode % SlotCount]);
        return slot >> 32 == inode ? (uint)(slot & uint.MaxValue) : 0;
    }

    public void Set(uint inode, uint block) => Volatile.Write(ref _slots[inode % SlotCount], ((ulong)inode << 32) | block);
}
