namespace Servers.Ext4;

/// <summary>What a block of the log says it is (<c>JBD2_*_BLOCK</c>).</summary>
internal enum JournalBlockKind : uint
{
    Descriptor = 1,
    Commit = 2,
    SuperblockV1 = 3,
    SuperblockV2 = 4,
    Revoke = 5,
}
