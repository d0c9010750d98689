namespace Servers.Ext4;

/// <summary>
/// The hash tree of an indexed directory. A tree that contradicts itself is left aside (the directory still reads linearly, that is
/// what the format is made for); a block of it that cannot be read is an error.
/// </summary>
internal sealed class HashTree
{
    private const int RootInfoOffset = 24;
    private const int RootOverhead = 24;
    private const int InnerOverhead = 8;
    private const int TailSize = 8;

    private readonly VolumeCore _core;
    private readonly Inode _directory;
    private readonly CachedBlock _root;
    private readonly int _entriesOffset;
    private readonly int _levels;

    private HashTree(VolumeCore core, Inode directory, CachedBlock root, int entriesOffset, int levels, DirectoryHashVersion version)
    {
        (_core, _directory, _root, _entriesOffset, _levels) = (core, directory, root, entriesOffset, levels);
        Version = version;
    }

    /// <summary>How the names in this directory are hashed.</summary>
    public DirectoryHashVersion Version { get; }

    /// <summary>Opens the tree; null when its root makes no sense.</summary>
    public static HashTree? Open(VolumeCore core, Inode directory)
    {
        CachedBlock root = DirectoryBlocks.LoadReferenced(core, directory, 0, index: true);
        ReadOnlySpan<byte> bytes = root.Bytes;
        byte stored = bytes[RootInfoOffset + 4];
        int infoLength = bytes[RootInfoOffset + 5];
        int levels = bytes[RootInfoOffset + 6];
        bool keyed = directory.IsEncrypted && directory.Has(InodeFlags.CaseFold);
        bool known = keyed ? stored == (byte)DirectoryHashVersion.SipHash : stored <= (byte)DirectoryHashVersion.Tea;
        int maximumLevels = core.Superblock.Has(IncompatFeatures.LargeDir) ? 3 : 2;
        bool flagged = (bytes[RootInfoOffset + 7] & 1) != 0;
        if (!known || flagged || levels >= maximumLevels)
        {
            return null;
        }

        var tree = new HashTree(
            core, directory, root, RootInfoOffset + infoLength, levels, VersionFor(core.Superblock, stored));
        return tree.IsSound(tree.Root(), RootOverhead + infoLength) ? tree : null;
    }

    /// <summary>The kernel's own number for a hash: unsigned variants are not stored, the superblock says which it is.</summary>
    public static DirectoryHashVersion VersionFor(Superblock superblock, byte stored) =>
        stored <= (byte)DirectoryHashVersion.Tea && superblock.UnsignedHash
            ? (DirectoryHashVersion)(stored + (byte)DirectoryHashVersion.LegacyUnsigned)
            : (DirectoryHashVersion)stored;

    /// <summary>Looks a name up. False in <paramref name="trusted"/> means that the tree was no help.</summary>
    public bool TryFind(in NameMatcher matcher, ReadOnlySpan<byte> name, out uint inode, out bool trusted)
    {
        inode = 0;
        uint hash = DirectoryHash.Compute(Version, name, _core.Superblock.HashSeed).Major;
        var path = new HashTreePath();
        if (!TryDescend(path, hash))
        {
            trusted = false;
            return false;
        }

        // Names with equal hashes may continue in the next leaf; there cannot be more leaves than blocks.
        uint leaves = DirectoryBlocks.Count(_core, _directory);
        uint visited = 0;
        trusted = true;
        do
        {
            visited++;
            CachedBlock leaf = DirectoryBlocks.LoadReferenced(_core, _directory, LeafAt(path), index: false);
            if (DirectoryBlocks.TryFind(_core, _directory, leaf.Bytes, matcher, out inode, out bool damaged))
            {
                return true;
            }

            trusted = !damaged;
        }
        while (trusted && visited < leaves && TryContinue(path, hash));
        return false;
    }

    /// <summary>Adds every leaf that the tree refers to, visiting no node twice. False when an inner node is unsound.</summary>
    public bool TryCollectLeaves(HashSet<uint> leaves)
    {
        return Collect(Root(), _levels, [], leaves);
    }

    private bool Collect(HashTreeNode node, int level, HashSet<uint> visited, HashSet<uint> leaves)
    {
        for (int i = 0; i < node.Count; i++)
        {
            uint block = node.Block(i);
            if (level == 0)
            {
                leaves.Add(block);
            }
            else if (visited.Add(block) && !(TryLoadInner(block, out HashTreeNode inner) && Collect(inner, level - 1, visited, leaves)))
            {
                return false;
            }
        }

        return true;
    }

    private HashTreeNode Root() => new(_root.Bytes, _entriesOffset);

    private HashTreeNode NodeAt(HashTreePath path, int level) =>
        level == 0 ? Root() : HashTreeNode.Inner(path.Block(level).Bytes);

    private uint LeafAt(HashTreePath path) => NodeAt(path, _levels).Block(path.Index(_levels));

    private bool TryLoadInner(uint block, out HashTreeNode node)
    {
        node = HashTreeNode.Inner(DirectoryBlocks.LoadReferenced(_core, _directory, block, index: true).Bytes);
        return IsSound(node, InnerOverhead);
    }

    private bool IsSound(HashTreeNode node, int overhead)
    {
        int tail = _core.Superblock.HasMetadataChecksums ? TailSize : 0;
        int room = (_core.Superblock.BlockSize - overhead - tail) / HashTreeNode.EntrySize;
        return node.Limit == room && node.Count != 0 && node.Count <= node.Limit;
    }

    private bool TryDescend(HashTreePath path, uint hash)
    {
        HashTreeNode node = Root();
        for (int level = 0; ; level++)
        {
            path.SetIndex(level, node.Search(hash));
            uint block = node.Block(path.Index(level));
            if (path.Contains(block, level))
            {
                return false;
            }

            if (level == _levels)
            {
                return true;
            }

            CachedBlock inner = DirectoryBlocks.LoadReferenced(_core, _directory, block, index: true);
            path.Enter(level + 1, block, inner);
            node = HashTreeNode.Inner(inner.Bytes);
            if (!IsSound(node, InnerOverhead))
            {
                return false;
            }
        }
    }

    // Moves on to the next leaf if that one continues the same hash, which bit 0 of the hash in its entry says.
    private bool TryContinue(HashTreePath path, uint hash)
    {
        int level = _levels;
        while (path.Index(level) + 1 >= NodeAt(path, level).Count)
        {
            if (level == 0)
            {
                return false;
            }

            level--;
        }

        path.SetIndex(level, path.Index(level) + 1);
        if ((NodeAt(path, level).Hash(path.Index(level)) & ~1u) != hash)
        {
            return false;
        }

        for (; level < _levels; level++)
        {
            uint block = NodeAt(path, level).Block(path.Index(level));
            path.Enter(level + 1, block, DirectoryBlocks.LoadReferenced(_core, _directory, block, index: true));
            path.SetIndex(level + 1, 0);
            if (!IsSound(NodeAt(path, level + 1), InnerOverhead))
            {
                return false;
            }
        }

        return true;
    }
}
