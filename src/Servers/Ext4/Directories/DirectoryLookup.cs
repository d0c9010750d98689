namespace Servers.Ext4;

/// <summary>Finds a name: through the hash tree where there is a sound one, else block by block.</summary>
internal static class DirectoryLookup
{
    /// <summary>EXT4_NAME_LEN.</summary>
    public const int MaximumName = 255;

    /// <summary>The number that the directory has for a name, or 0.</summary>
    public static uint Find(VolumeCore core, Inode directory, ReadOnlySpan<byte> name)
    {
        var matcher = new NameMatcher(directory, name);
        if (directory.Inline is { } content)
        {
            return FindInline(core, directory, content, matcher, name);
        }

        if (matcher.IsExact && !name.SequenceEqual("."u8) && !name.SequenceEqual(".."u8) && DirectoryBlocks.IsIndexed(core, directory))
        {
            HashTree? tree = HashTree.Open(core, directory);
            if (tree != null && (tree.TryFind(matcher, name, out uint inode, out bool trusted) || trusted))
            {
                return inode;
            }
        }

        return FindLinearly(core, directory, matcher);
    }

    private static uint FindLinearly(VolumeCore core, Inode directory, in NameMatcher matcher)
    {
        var scan = new DirectoryScan(core, directory, 0);
        while (scan.TryNext(out uint fileBlock))
        {
            CachedBlock? block = DirectoryBlocks.Load(core, directory, fileBlock);
            if (block == null)
            {
                continue;
            }

            bool found = DirectoryBlocks.TryFind(core, directory, block.Bytes, matcher, out uint inode, out bool damaged);
            if (found || damaged)
            {
                return inode;
            }
        }

        return 0;
    }

    private static uint FindInline(
        VolumeCore core, Inode directory, InlineContent content, in NameMatcher matcher, ReadOnlySpan<byte> name)
    {
        if (name.SequenceEqual("."u8))
        {
            return directory.Number.Value;
        }

        if (name.SequenceEqual(".."u8))
        {
            return InlineDirectory.Parent(content);
        }

        for (int i = 0; i < 2; i++)
        {
            ReadOnlySpan<byte> piece = InlineDirectory.Piece(content, i).Span;
            if (DirectoryBlocks.TryFind(core, directory, piece, matcher, out uint inode, out _))
            {
                return inode;
            }
        }

        return 0;
    }
}
