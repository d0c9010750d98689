namespace Servers.Passthrough;

/// <summary>A slot's index and generation as the 64-bit number that the kernel gets (node id or file handle).</summary>
internal readonly record struct SlotNumber(ulong Value)
{
    public SlotNumber(int index, uint generation)
        : this(((ulong)generation << 32) | (uint)index)
    {
    }

    public uint Index => (uint)Value;

    public uint Generation => (uint)(Value >> 32);
}
