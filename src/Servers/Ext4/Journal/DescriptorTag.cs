namespace Servers.Ext4;

/// <summary>One entry of a descriptor block: which filesystem block the next block of the log is a copy of.</summary>
internal readonly record struct DescriptorTag(ulong Block, uint Checksum, bool IsEscaped)
{
    public const int Escape = 1;
    public const int SameUuid = 2;
    public const int LastTag = 8;
    public const int UuidSize = 16;
}
