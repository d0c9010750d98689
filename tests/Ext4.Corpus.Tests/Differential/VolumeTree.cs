using Servers.Ext4;

namespace Ext4.Corpus.Tests;

/// <summary>Reads a volume through the library into the same facts as <see cref="MountedTree"/> reads a mount.</summary>
internal sealed class VolumeTree(Ext4Volume volume)
{
    private const int MostEntries = 200_000;
    private const long LongestRead = 64L * 1024 * 1024;

    private readonly SortedDictionary<string, string> _lines = new(StringComparer.Ordinal);
    private readonly HashSet<uint> _directories = [];

    public static SortedDictionary<string, string> Read(Ext4Volume volume)
    {
        var tree = new VolumeTree(volume);
        Assert.True(volume.GetInode(InodeNumber.Root, out Inode? root).IsNone);
        tree.Visit(root!, "/");
        return tree._lines;
    }

    private void Visit(Inode inode, string path)
    {
        var facts = new FileFacts();
        AddAttributes(facts, inode);
        AddExtendedAttributes(facts, inode);
        if (inode.IsSymlink) AddTarget(facts, inode);
        if (inode.IsRegular) AddContents(facts, inode);
        List<byte[]> names = inode.IsDirectory && _directories.Add(inode.Number.Value) ? Names(facts, inode) : [];
        _lines[path] = facts.ToString();
        foreach (byte[] name in names) VisitChild(inode, path, name);
    }

    private void VisitChild(Inode directory, string path, byte[] name)
    {
        string child = (path == "/" ? "/" : path + "/") + FileFacts.Escape(name);
        Assert.True(_lines.Count < MostEntries, $"more than {MostEntries} files");
        Ext4Error error = volume.Lookup(directory, name, out Inode? inode);
        if (error.IsNone) Visit(inode!, child);
        else _lines[child] = "lookup=!" + Errno(error);
    }

    private void AddAttributes(FileFacts facts, Inode inode)
    {
        facts.Add("ino", inode.Number.Value);
        facts.AddMode(inode.Mode);
        facts.Add("links", inode.LinkCount);
        facts.Add("uid", inode.Uid);
        facts.Add("gid", inode.Gid);
        facts.Add("size", (ulong)volume.StatSize(inode));
        facts.Add("blocks", inode.Sectors);
        bool device = inode.Type is FileType.CharacterDevice or FileType.BlockDevice;
        facts.Add("rdev", device ? $"{inode.DeviceMajor}:{inode.DeviceMinor}" : "0:0");
        facts.AddTime("atime", inode.AccessTime.Seconds, inode.AccessTime.Nanoseconds);
        facts.AddTime("mtime", inode.ModificationTime.Seconds, inode.ModificationTime.Nanoseconds);
        facts.AddTime("ctime", inode.ChangeTime.Seconds, inode.ChangeTime.Nanoseconds);
        if (inode.CreationTime is Timestamp birth) facts.AddTime("btime", birth.Seconds, birth.Nanoseconds);
    }

    private void AddExtendedAttributes(FileFacts facts, Inode inode)
    {
        byte[] list = new byte[65536], value = new byte[65536];
        Ext4Error error = volume.Listxattr(inode, list, out int size);
        if (!error.IsNone)
        {
            facts.AddError("xattrs", Errno(error));
            return;
        }

        foreach (byte[] name in MountedTree.Split(list.AsSpan(0, size)).OrderBy(n => FileFacts.Escape(n), StringComparer.Ordinal))
        {
            error = volume.Getxattr(inode, name, value, out int length);
            if (error.IsNone) facts.Add($"xattr:{FileFacts.Escape(name)}", MountedTree.Hash(value.AsSpan(0, length)));
            else facts.AddError($"xattr:{FileFacts.Escape(name)}", Errno(error));
        }
    }

    private void AddTarget(FileFacts facts, Inode inode)
    {
        byte[] target = new byte[65536];
        Ext4Error error = volume.Readlink(inode, target, out int length);
        if (error.IsNone) facts.AddBytes("target", target.AsSpan(0, length));
        else facts.AddError("target", Errno(error));
    }

    private void AddContents(FileFacts facts, Inode inode)
    {
        Ext4Error error = volume.Read(inode, 0, [], out _);
        if (!error.IsNone)
        {
            facts.AddError("data", Errno(error));
            return;
        }

        facts.Add("map", DataMap.Describe(inode.Size, (long from, bool data, out long to) => Name(volume.Seek(inode, from, data, out to))));
        facts.Add("data", DataMap.Hash(Math.Min(inode.Size, LongestRead), (long at, Span<byte> buffer) => ReadAt(inode, at, buffer)));
    }

    private (int Count, string? Error) ReadAt(Inode inode, long offset, Span<byte> buffer)
    {
        Ext4Error error = volume.Read(inode, offset, buffer, out int count);
        return (count, Name(error));
    }

    private List<byte[]> Names(FileFacts facts, Inode directory)
    {
        var names = new List<byte[]>();
        Ext4Error error = volume.OpenDirectory(directory, 0, out DirectoryReader? reader);
        while (reader is not null && names.Count < MostEntries && reader.MoveNext())
        {
            ReadOnlySpan<byte> name = reader.Current.Name;
            if (!name.SequenceEqual("."u8) && !name.SequenceEqual(".."u8)) names.Add(name.ToArray());
        }

        error = error.IsNone ? reader!.Error : error;
        if (!error.IsNone) facts.AddError("readdir", Errno(error));
        return names;
    }

    private static string? Name(Ext4Error error) => error.IsNone ? null : Errno(error);

    private static string Errno(Ext4Error error) => error.Kind switch
    {
        Ext4ErrorKind.Corrupted => "EUCLEAN",
        Ext4ErrorKind.BadChecksum => "EBADMSG",
        Ext4ErrorKind.Io => "EIO",
        Ext4ErrorKind.NotFound => "ENOENT",
        Ext4ErrorKind.NoKey => "ENOKEY",
        Ext4ErrorKind.NoSuchOffset => "ENXIO",
        Ext4ErrorKind.NotPermitted => "EPERM",
        Ext4ErrorKind.NoAttribute => "ENODATA",
        Ext4ErrorKind.NotSupported => "EOPNOTSUPP",
        Ext4ErrorKind.NotDirectory => "ENOTDIR",
        Ext4ErrorKind.Invalid => "EINVAL",
        Ext4ErrorKind.Stale => "ESTALE",
        _ => error.Kind.ToString(),
    };
}
