namespace Servers.Ext4;

/// <summary>A metadata block. Its bytes never change, so whoever has the reference may read on after the cache dropped it.</summary>
internal sealed class CachedBlock(FsBlock number, byte[] data)
{
    private long _verifiedFor;

    public FsBlock Number { get; } = number;

    public ReadOnlySpan<byte> Bytes => data;

    public ReadOnlyMemory<byte> Memory => data;

    /// <summary>Set on every hit, cleared by the hand of the clock. Races only cost a little precision.</summary>
    public bool Referenced { get; set; }

    /// <summary>
    /// Whether the block was found good in this role. A checksum covers the inode that owns the block, and a crafted image can give a
    /// block to two inodes or two roles, so both are part of what is remembered.
    /// </summary>
    public bool IsVerifiedFor(uint inode, BlockRole role) => Volatile.Read(ref _verifiedFor) == Key(inode, role);

    public void SetVerifiedFor(uint inode, BlockRole role) => Volatile.Write(ref _verifiedFor, Key(inode, role));

    private static long Key(uint inode, BlockRole role) => ((long)inode << 8) | (long)role;
}
