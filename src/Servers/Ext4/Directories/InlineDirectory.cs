namespace Servers.Ext4;

/// <summary>
/// A directory in an inode: the number of its parent, then records in two pieces, none of which crosses from the first into the second.
/// "." and ".." are not stored.
/// </summary>
internal static class InlineDirectory
{
    public const int ParentSize = sizeof(uint);

    public static uint Parent(InlineContent content) => ((ReadOnlySpan<byte>)content.First.Span).U32(0);

    /// <summary>The first or the second piece.</summary>
    public static ReadOnlyMemory<byte> Piece(InlineContent content, int index) =>
        index == 0 ? content.First[ParentSize..] : content.Rest;

    /// <summary>Where a piece begins in the positions that a reader counts in.</summary>
    public static ulong Start(int index) => index == 0 ? ParentSize : (ulong)InodeFields.BlockSize;
}
