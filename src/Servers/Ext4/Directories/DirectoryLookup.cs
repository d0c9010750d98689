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
        if (core.Changes?.FindDirectory(directory.Number) is { } changes && changes.TryFind(core, directory, matcher, name, out uint changed))
        {
            return changed;
        }

        if (directory.Inline is { } content)
        {
            return FindInline(core, directory, content, matcher, name);
        }

        bool dots = name.SequenceEqual("."u8) || name.SequenceEqual(".."u8);
        if (matcher.IsExact && !dots && DirectoryBlocks.IsIndexed(core, directory))
        {
            if (TryFindByHash(core, directory, matcher, name, out uint inode))
            {
                return inode;
            }
        }

        return FindLinearly(core, directory, matcher, dots);
    }

    // True when the tree had an answer, which may be that there is no such name. The kernel gives up on a tree that cannot be read; the
    // leaves are all that is needed, so they are searched instead and only their own damage counts.
    private static bool TryFindByHash(
        VolumeCore core, Inode directory, in NameMatcher matcher, ReadOnlySpan<byte> name, out uint inode)
    {
        inode = 0;
        try
        {
            return HashTree.Open(core, directory) is { } tree
                && (tree.TryFind(matcher, name, out inode, out bool trusted) || trusted);
        }
        catch (Ext4Exception exception)
        {
            core.Faults.Report(exception.Error);
            return false;
        }
    }

    private static uint FindLinearly(VolumeCore core, Inode directory, in NameMatcher matcher, bool dots)
    {
        uint start = dots ? 0 : core.Hints.Get(directory.Number.Value);
        return TryFindBetween(core, directory, matcher, dots, start, uint.MaxValue, out uint inode)
            || TryFindBetween(core, directory, matcher, dots, 0, start, out inode) ? inode : 0;
    }

    // True when the search is over: the name was found, or a damaged record stands in front of whatever follows.
    private static bool TryFindBetween(
        VolumeCore core, Inode directory, in NameMatcher matcher, bool dots, uint start, uint end, out uint inode)
    {
        inode = 0;
        var scan = new DirectoryScan(core, directory, start, end);
        while (scan.TryNext(out uint fileBlock, out FsBlock place))
        {
            // Inner nodes of a tree hold no names; one that is damaged must not end the search.
            if (!dots && DirectoryBlocks.IsInnerNode(core, directory, fileBlock, place))
            {
                continue;
            }

            CachedBlock block = DirectoryBlocks.Load(core, directory, fileBlock, place);
            bool found = DirectoryBlocks.TryFind(core, directory, block.Bytes, matcher, out inode, out bool damaged);
            if (found && !dots)
            {
                core.Hints.Set(directory.Number.Value, fileBlock);
            }

            if (found || damaged)
            {
                return true;
            }
        }

        return false;
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
