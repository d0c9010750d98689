namespace Servers.Ext4;

/// <summary>
/// Replays the records that <see cref="FastCommitScan"/> found whole, as the kernel does after the log itself, into
/// <see cref="FastCommitChanges"/>. An inode that a record names and that cannot be located refuses the mount, as in the kernel.
/// </summary>
internal sealed class FastCommitReplay(VolumeCore core)
{
    private const int GenerationOffset = 0x64;
    private const int FlagsOffset = 0x20;
    private const int LinksOffset = 0x1A;
    private const int NameOffset = 8;
    private const int MostInRoot = 4;

    private readonly FastCommitChanges _changes = new();

    public static FastCommitChanges Run(VolumeCore core, JournalSuperblock journal, JournalStore store, int records)
    {
        var replay = new FastCommitReplay(core);
        byte[] block = new byte[store.BlockSize];
        for (uint number = journal.Last + 1; records > 0; number++)
        {
            store.Read(number, block);
            ReadOnlySpan<byte> rest = block;
            while (records > 0 && FastCommitRecord.TryRead(rest, core.Superblock.InodeSize, out FastCommitRecord record))
            {
                replay.Apply(record);
                rest = rest[record.Bytes.Length..];
                records--;
            }
        }

        replay._changes.Seal();
        return replay._changes;
    }

    private void Apply(FastCommitRecord record)
    {
        ReadOnlySpan<byte> value = record.Value;
        switch (record.Tag)
        {
            case FastCommitTag.AddRange:
                AddRange(value);
                break;
            case FastCommitTag.DelRange:
                SetRange(value.U32(0), value.U32(4), value.U32(8), default, RunState.Hole);
                break;
            case FastCommitTag.Inode:
                ReplaceInode(value.U32(0), value[sizeof(uint)..]);
                break;
            case FastCommitTag.Creat:
                Create(value.U32(0), value.U32(4));
                ChangeName(value, isLink: true);
                break;
            case FastCommitTag.Link:
                ChangeLinks(value.U32(4), static links => Math.Min(links + 1, ushort.MaxValue));
                ChangeName(value, isLink: true);
                break;
            case FastCommitTag.Unlink:
                ChangeName(value, isLink: false);
                Unlink(value.U32(4));
                break;
        }
    }

    // The value is the number of the inode and an extent as it stands in a tree.
    private void AddRange(ReadOnlySpan<byte> value)
    {
        Span<byte> node = stackalloc byte[ExtentNode.HeaderSize + ExtentNode.EntrySize];
        node.Clear();
        value.Slice(sizeof(uint), ExtentNode.EntrySize).CopyTo(node[ExtentNode.HeaderSize..]);
        var extent = new ExtentNode(node);
        RunState state = extent.IsUnwritten(0) ? RunState.Unwritten : RunState.Mapped;
        SetRange(value.U32(0), extent.FileBlock(0), extent.Length(0), extent.Start(0), state);
    }

    private void SetRange(uint inode, uint fileBlock, uint count, FsBlock start, RunState state)
    {
        if (count == 0 || count > uint.MaxValue - fileBlock)
        {
            throw Ext4Exception.Corrupted(CorruptionReason.FastCommitRecord, inode, start.Value, fileBlock, count);
        }

        _changes.Ranges(inode).Set(new BlockRun(fileBlock, start, count, state));
    }

    // All of the inode but its map, which ranges change, and its checksum, which nobody asks for any more.
    private void ReplaceInode(uint inode, ReadOnlySpan<byte> logged)
    {
        byte[] made = Current(inode);
        logged[..InodeFields.BlockOffset].CopyTo(made);
        logged[GenerationOffset..].CopyTo(made.AsSpan(GenerationOffset));
        var flags = (InodeFlags)((ReadOnlySpan<byte>)made).U32(FlagsOffset);
        Span<byte> map = made.AsSpan(InodeFields.BlockOffset, InodeFields.BlockSize);
        if ((flags & InodeFlags.Extents) == 0)
        {
            KeepMap(flags, logged, map);
        }
        else if (new ExtentNode(map).StoredMagic != ExtentNode.Magic)
        {
            map[..ExtentNode.HeaderSize].Clear();
            BitConverter.TryWriteBytes(map, ExtentNode.Magic);
            map[4] = MostInRoot;
        }
    }

    private static void KeepMap(InodeFlags flags, ReadOnlySpan<byte> logged, Span<byte> map)
    {
        if ((flags & InodeFlags.InlineData) != 0)
        {
            logged.Slice(InodeFields.BlockOffset, InodeFields.BlockSize).CopyTo(map);
        }
    }

    // The value is the number of the directory, that of the inode, and the name.
    private void ChangeName(ReadOnlySpan<byte> value, bool isLink)
    {
        ReadOnlySpan<byte> name = value[NameOffset..];
        (uint directory, uint inode) = (value.U32(0), value.U32(4));
        if (name.ContainsAny((byte)0, (byte)'/') || !core.Inodes.IsValidEntry(inode))
        {
            throw Ext4Exception.Corrupted(CorruptionReason.FastCommitRecord, directory, value: inode, limit: core.Superblock.InodesCount);
        }

        _changes.ChangeName(directory, name, isLink, inode);
    }

    private void Create(uint parent, uint inode)
    {
        byte[] made = Current(inode);
        bool isDirectory = (FileType)(((ReadOnlySpan<byte>)made).U16(0) >> 12) == FileType.Directory;
        if (isDirectory && ((InodeFlags)((ReadOnlySpan<byte>)made).U32(FlagsOffset) & InodeFlags.InlineData) == 0)
        {
            _changes.MakeDirectory(inode, parent);
        }

        ChangeLinks(inode, static _ => 1);
    }

    // A file without links is deleted and its map emptied, so that a new file under its number begins with none.
    private void Unlink(uint inode)
    {
        if (ChangeLinks(inode, static links => Math.Max(links - 1, 0)) == 0)
        {
            _changes.Ranges(inode).Clear();
        }
    }

    private int ChangeLinks(uint inode, Func<int, int> change)
    {
        byte[] made = Current(inode);
        int links = change(((ReadOnlySpan<byte>)made).U16(LinksOffset));
        BitConverter.TryWriteBytes(made.AsSpan(LinksOffset), (ushort)links);
        return links;
    }

    private byte[] Current(uint inode) => _changes.ChangeInode(inode, core.Inodes);
}
