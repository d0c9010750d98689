namespace Servers.Ext4;

/// <summary>What the log has to say about one filesystem block.</summary>
/// <param name="RevokedBy">The last transaction that revoked it, where there is one: copies up to then are void.</param>
/// <param name="LogBlock">Where in the journal its newest copy lies; 0, the journal's superblock, means nowhere.</param>
/// <param name="IsEscaped">The copy's first word stands for the journal's magic number.</param>
internal readonly record struct BlockFate(uint? RevokedBy, uint LogBlock, bool IsEscaped)
{
    public bool IsVoid(uint sequence) => RevokedBy is uint revoked && unchecked((int)(sequence - revoked)) <= 0;
}
