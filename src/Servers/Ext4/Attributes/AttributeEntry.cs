namespace Servers.Ext4;

/// <summary>One attribute in a verified area: where its name is, and where its value.</summary>
internal readonly record struct AttributeEntry(
    AttributeNamespace Namespace, int NameOffset, int NameLength, int ValueOffset, uint ValueInode, int ValueSize, uint Hash)
{
    public int NextOffset => NameOffset + AttributeLayout.Padded(NameLength);

    public static AttributeEntry Decode(ReadOnlySpan<byte> area, int offset) => new(
        (AttributeNamespace)area[offset + 1],
        offset + AttributeLayout.EntrySize,
        area[offset],
        area.U16(offset + 2),
        area.U32(offset + 4),
        (int)Math.Min(area.U32(offset + 8), int.MaxValue),
        area.U32(offset + 12));

    public ReadOnlySpan<byte> Name(ReadOnlySpan<byte> area) => area.Slice(NameOffset, NameLength);
}
