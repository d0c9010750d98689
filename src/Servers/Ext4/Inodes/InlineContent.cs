namespace Servers.Ext4;

/// <summary>
/// Contents kept in the inode: the first 60 bytes where the block map would be, the rest in the attribute system.data.
/// </summary>
internal sealed record InlineContent(ReadOnlyMemory<byte> First, ReadOnlyMemory<byte> Rest)
{
    public int Length => First.Length + Rest.Length;

    /// <summary>Copies what exists from <paramref name="offset"/> on; what lies behind the stored bytes is zero.</summary>
    public void CopyTo(int offset, Span<byte> buffer)
    {
        buffer.Clear();
        CopyPart(First.Span, offset, buffer);
        int behind = offset - First.Length;
        if (behind >= 0)
        {
            CopyPart(Rest.Span, behind, buffer);
        }
        else if (buffer.Length > -behind)
        {
            CopyPart(Rest.Span, 0, buffer[-behind..]);
        }
    }

    private static void CopyPart(ReadOnlySpan<byte> part, int offset, Span<byte> buffer)
    {
        if (offset < part.Length)
        {
            int count = Math.Min(part.Length - offset, buffer.Length);
            part.Slice(offset, count).CopyTo(buffer);
        }
    }
}
