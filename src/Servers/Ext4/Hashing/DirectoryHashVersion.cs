namespace Servers.Ext4;

/// <summary>How an indexed directory hashes its names. The numbers are those of the disk (<c>DX_HASH_*</c>).</summary>
/// <remarks>
/// The disk only knows 0 to 2 and 6; the superblock says whether names are hashed as signed or unsigned characters, because the first
/// ext3 machines disagreed about it. The unsigned variants are 3 to 5 here as in the kernel.
/// </remarks>
internal enum DirectoryHashVersion : byte
{
    Legacy = 0,
    HalfMd4 = 1,
    Tea = 2,
    LegacyUnsigned = 3,
    HalfMd4Unsigned = 4,
    TeaUnsigned = 5,

    /// <summary>Keyed hash of encrypted and casefolded directories; it is stored beside each name and cannot be computed without the key.</summary>
    SipHash = 6,
}
