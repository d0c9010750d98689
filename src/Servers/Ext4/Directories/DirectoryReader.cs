namespace Servers.Ext4;

/// <summary>
/// Lists a directory. Positions are byte offsets of records, so a reader can be left and a new one started behind any entry. What
/// cannot be read is passed over and everything else shown; where the kernel would fail the listing, it ends with an error.
/// Not for use by two threads at once.
/// </summary>
public sealed class DirectoryReader
{
    private const ulong ChangedNames = 1ul << 62;

    private readonly VolumeCore _core;
    private readonly Inode _directory;
    private readonly DirectoryChanges? _changes;

    // Null for a directory that fast commits made: none of its blocks count.
    private readonly DirectoryScan? _scan;
    // What the hash tree refers to, in order; null when there is no tree and every block counts.
    private readonly uint[]? _leaves;
    private readonly HiddenNames? _hidden;
    private readonly byte[] _shownName = new byte[DirectoryLookup.MaximumName];
    private readonly bool _listedByHash;

    // The block or inline piece that is being read, and the position of its first byte.
    private ReadOnlyMemory<byte> _block;
    private ulong _blockStart;
    private int _offset;
    private int _nextPiece;

    private ulong _position;
    private Ext4Error _damage;
    private int _nameLength;
    private uint _inode;
    private FileType _type;

    internal DirectoryReader(VolumeCore core, Inode directory, ulong position)
        : this(core, directory, position, core.Changes?.FindDirectory(directory.Number))
    {
    }

    private DirectoryReader(VolumeCore core, Inode directory, ulong position, DirectoryChanges? changes)
    {
        (_core, _directory, _position, _changes) = (core, directory, position, changes);
        if (changes is { IsNew: true })
        {
            return;
        }

        _listedByHash = DirectoryBlocks.IsListedByHash(core, directory);
        HashTree? tree = DirectoryBlocks.IsIndexed(core, directory) ? OpenTree() : null;
        _leaves = tree == null ? null : CollectLeaves(tree);
        _hidden = directory.IsEncrypted ? HiddenNames.For(core, directory, tree, _listedByHash) : null;
        ulong blocks = (ulong)DirectoryBlocks.Count(core, directory);
        _scan = new DirectoryScan(core, directory, (uint)Math.Min(position >> core.Superblock.BlockBits, blocks));
    }

    /// <summary>Set once <see cref="MoveNext"/> gave false: what kept entries from being shown, or None.</summary>
    public Ext4Error Error { get; private set; }

    /// <summary>The entry that <see cref="MoveNext"/> came to.</summary>
    public DirectoryEntry Current => new(_shownName.AsSpan(0, _nameLength), new InodeNumber(_inode), _type, _position);

    /// <summary>A reader of what stands in the directory's own blocks.</summary>
    internal static DirectoryReader OfStored(VolumeCore core, Inode directory) => new(core, directory, 0, null);

    /// <summary>Steps to the next entry; false at the end.</summary>
    public bool MoveNext()
    {
        try
        {
            if (Step())
            {
                return true;
            }
        }
        catch (Ext4Exception exception)
        {
            Remember(exception.Error);
        }

        Error = _damage;
        return false;
    }

    private bool Step()
    {
        while (_scan is not null && _position < ChangedNames)
        {
            if (_directory.Inline is { } content && _position < InlineDirectory.ParentSize)
            {
                ShowDots(content);
                return true;
            }

            if (_block.IsEmpty && !NextBlock())
            {
                break;
            }

            if (TakeRecord())
            {
                return true;
            }
        }

        return _changes is not null && ShowChanged(_changes.Entries(_core, _directory));
    }

    // Behind all that any directory has room for, positions count the names that fast commits made.
    private bool ShowChanged(List<(byte[] Name, uint Inode)> entries)
    {
        ulong index = _position < ChangedNames ? 0 : _position - ChangedNames;
        if (index >= (ulong)entries.Count)
        {
            return false;
        }

        (byte[] name, _inode) = entries[(int)index];
        name.CopyTo(_shownName, 0);
        _nameLength = name.Length;
        _type = FileType.Unknown;
        _position = ChangedNames + index + 1;
        return true;
    }

    // "." has position 0, ".." position 1, and the first record position 4 because the parent's number stands in front of it.
    private void ShowDots(InlineContent content)
    {
        bool self = _position == 0;
        _nameLength = self ? 1 : 2;
        _shownName.AsSpan(0, 2).Fill((byte)'.');
        _inode = self ? _directory.Number.Value : InlineDirectory.Parent(content);
        _type = FileType.Directory;
        _position = self ? 1ul : InlineDirectory.ParentSize;
    }

    private bool NextBlock()
    {
        if (_directory.Inline is { } content)
        {
            return NextPiece(content);
        }

        while (TryNextFileBlock(out uint fileBlock, out FsBlock place))
        {
            if (_leaves != null && fileBlock != 0 && Array.BinarySearch(_leaves, fileBlock) < 0)
            {
                continue;
            }

            try
            {
                Start(DirectoryBlocks.Load(_core, _directory, fileBlock, place).Memory, (ulong)fileBlock << _core.Superblock.BlockBits);
                return true;
            }
            catch (Ext4Exception exception)
            {
                PassOver(exception.Error);
            }
        }

        return false;
    }

    private bool TryNextFileBlock(out uint fileBlock, out FsBlock place)
    {
        while (true)
        {
            uint before = _scan!.Next;
            try
            {
                bool any = _scan!.TryNext(out fileBlock, out place);
                if (_scan.PassedHole && IsNeeded(before, any ? fileBlock : _scan!.Next))
                {
                    Remember(new Ext4Error(
                        Ext4ErrorKind.Corrupted, CorruptionReason.DirectoryHole, _directory.Number.Value, 0, before));
                }

                return any;
            }
            catch (Ext4Exception exception) when (_scan!.Next > before)
            {
                PassOver(exception.Error);
            }
        }
    }

    // Whether a hole from one block up to another took something away.
    private bool IsNeeded(uint first, uint end)
    {
        if (_leaves == null)
        {
            return _listedByHash;
        }

        int found = Array.BinarySearch(_leaves, first);
        int next = found < 0 ? ~found : found;
        return next < _leaves.Length && _leaves[next] < end;
    }

    private bool NextPiece(InlineContent content)
    {
        while (_nextPiece < 2)
        {
            int index = _nextPiece++;
            ReadOnlyMemory<byte> piece = InlineDirectory.Piece(content, index);
            if (InlineDirectory.Start(index) + (ulong)piece.Length > _position && !piece.IsEmpty)
            {
                Start(piece, InlineDirectory.Start(index));
                return true;
            }
        }

        return false;
    }

    private void Start(ReadOnlyMemory<byte> block, ulong start) => (_block, _blockStart, _offset) = (block, start, 0);

    // False when there was nothing to show; the block is left at its end or at a record that cannot be.
    private bool TakeRecord()
    {
        var record = new DirectoryRecord(_block.Span, _offset);
        CorruptionReason reason = record.Check(_core.Superblock, _directory.IsEncrypted && _directory.Has(InodeFlags.CaseFold));
        if (reason != CorruptionReason.None)
        {
            _core.Faults.Report(new Ext4Error(
                Ext4ErrorKind.Corrupted, reason, _directory.Number.Value, 0, _blockStart + (ulong)_offset, (uint)_block.Length));
            _block = default;
            return false;
        }

        bool isNew = _blockStart + (ulong)_offset >= _position;
        _offset = record.End;
        bool hidden = _changes is not null && _changes.Hides(record.Name);
        bool shown = isNew && record.Inode != 0 && !hidden && Show(record);
        if (isNew)
        {
            _position = _blockStart + (ulong)_offset;
        }

        if (_offset >= _block.Length)
        {
            _block = default;
        }

        return shown;
    }

    private bool Show(DirectoryRecord record)
    {
        ReadOnlySpan<byte> name = record.Name;
        bool plain = _hidden == null || name.SequenceEqual("."u8) || name.SequenceEqual(".."u8);
        if (plain ? name.IsEmpty || name.ContainsAny((byte)0, (byte)'/') : !EncryptedNames.IsPossible(name))
        {
            Ext4ErrorKind kind = plain ? Ext4ErrorKind.Io : Ext4ErrorKind.Corrupted;
            Remember(new Ext4Error(
                kind, CorruptionReason.DirectoryName, _directory.Number.Value, 0, _blockStart + (ulong)record.Offset, (uint)name.Length));
            return false;
        }

        if (plain)
        {
            name.CopyTo(_shownName);
            _nameLength = name.Length;
        }
        else
        {
            _nameLength = _hidden!.Show(record, _shownName);
        }

        _inode = record.Inode;
        _type = _core.Superblock.Has(IncompatFeatures.FileType) ? TypeOf(record.StoredType) : FileType.Unknown;
        return true;
    }

    private static FileType TypeOf(byte stored) => stored switch
    {
        1 => FileType.Regular,
        2 => FileType.Directory,
        3 => FileType.CharacterDevice,
        4 => FileType.BlockDevice,
        5 => FileType.Fifo,
        6 => FileType.Socket,
        7 => FileType.Symlink,
        _ => FileType.Unknown,
    };

    private HashTree? OpenTree()
    {
        try
        {
            return HashTree.Open(_core, _directory);
        }
        catch (Ext4Exception exception)
        {
            Remember(exception.Error);
            return null;
        }
    }

    private uint[]? CollectLeaves(HashTree tree)
    {
        try
        {
            var found = new HashSet<uint>();
            if (!tree.TryCollectLeaves(found))
            {
                return null;
            }

            uint[] leaves = [.. found];
            Array.Sort(leaves);
            uint count = DirectoryBlocks.Count(_core, _directory);
            if (leaves[^1] >= count)
            {
                Remember(new Ext4Error(
                    Ext4ErrorKind.Corrupted, CorruptionReason.DirectoryHole, _directory.Number.Value, 0, leaves[^1], count));
            }

            return leaves;
        }
        catch (Ext4Exception exception)
        {
            Remember(exception.Error);
            return null;
        }
    }

    // A device that fails is never passed over silently, a block with a wrong checksum only where the kernel does so.
    private void PassOver(in Ext4Error error)
    {
        if (_listedByHash || error.Kind == Ext4ErrorKind.Io)
        {
            Remember(error);
        }
        else
        {
            _core.Faults.Report(error);
        }
    }

    // The first error decides how the listing ends.
    private void Remember(in Ext4Error error)
    {
        _core.Faults.Report(error);
        if (_damage.IsNone)
        {
            _damage = error;
        }
    }
}
