using System.Security.Cryptography;
using System.Text;
using ServiceHost.Linux;

namespace Ext4.Corpus.Tests;

/// <summary>Reads a mounted filesystem into facts, one line for each path, by descriptors: names can be any bytes.</summary>
internal sealed class MountedTree
{
    // Reading a file puts its unwritten parts into the page cache, and from then on the kernel calls them data: maps first, contents after.
    private readonly bool _contents;
    private const StatxMask Wanted = StatxMask.BasicStats | StatxMask.BirthTime;
    private const int MostEntries = 200_000;
    private const long LongestRead = 64L * 1024 * 1024;

    private readonly SortedDictionary<string, string> _lines = new(StringComparer.Ordinal);
    private readonly HashSet<ulong> _directories = [];

    private MountedTree(bool contents) => _contents = contents;

    public static SortedDictionary<string, string> Read(string path)
    {
        SortedDictionary<string, string> facts = Walk(path, contents: false);
        foreach ((string file, string contents) in Walk(path, contents: true)) facts[file] += contents;
        return facts;
    }

    private static SortedDictionary<string, string> Walk(string path, bool contents)
    {
        var tree = new MountedTree(contents);
        using OwnedFd root = Open(Fd.Cwd, Encoding.UTF8.GetBytes(path));
        tree.Visit(root, "/");
        return tree._lines;
    }

    private void Visit(Fd file, string path)
    {
        var facts = new FileFacts();
        Errno errno = Libc.Statx(file, Wanted, out Statx stat);
        Assert.True(errno.IsOk, $"{path}: {errno}");
        if (!_contents)
        {
            AddAttributes(facts, stat);
            AddExtendedAttributes(facts, file);
            if (stat.FileType == ModeBits.SymbolicLink) AddTarget(facts, file);
        }

        if (stat.IsRegular) AddContents(facts, file, (long)stat.Size);
        List<byte[]> names = stat.IsDirectory && _directories.Add(stat.Ino) ? Names(facts, file) : [];
        _lines[path] = _contents && stat.IsDirectory ? "" : facts.ToString();
        foreach (byte[] name in names) VisitChild(file, path, name);
    }

    private void VisitChild(Fd directory, string path, byte[] name)
    {
        string child = (path == "/" ? "/" : path + "/") + FileFacts.Escape(name);
        Assert.True(_lines.Count < MostEntries, $"more than {MostEntries} files");
        Errno errno = Libc.Openat(directory, CString.FromTerminated([.. name, 0]), OpenFlags.Path | OpenFlags.NoFollow, 0, out OwnedFd file);
        if (errno.IsError)
        {
            _lines[child] = _contents ? "" : "lookup=!" + Name(errno);
            return;
        }

        using (file) Visit(file, child);
    }

    private static void AddAttributes(FileFacts facts, in Statx stat)
    {
        facts.Add("ino", stat.Ino);
        facts.AddMode(stat.RawMode);
        facts.Add("links", stat.Nlink);
        facts.Add("uid", stat.Uid);
        facts.Add("gid", stat.Gid);
        facts.Add("size", stat.Size);
        facts.Add("blocks", stat.Blocks);
        facts.Add("rdev", $"{stat.RdevMajor}:{stat.RdevMinor}");
        facts.AddTime("atime", stat.AccessTime.Seconds, stat.AccessTime.Nanoseconds);
        facts.AddTime("mtime", stat.ModifyTime.Seconds, stat.ModifyTime.Nanoseconds);
        facts.AddTime("ctime", stat.ChangeTime.Seconds, stat.ChangeTime.Nanoseconds);
        if ((stat.Mask & StatxMask.BirthTime) != 0) facts.AddTime("btime", stat.BirthTime.Seconds, stat.BirthTime.Nanoseconds);
    }

    // The link of an O_PATH descriptor leads to the file itself, also when that is a symbolic link.
    private static byte[] Link(Fd file) => CString.Allocate($"/proc/self/fd/{file.Number}");

    private static void AddExtendedAttributes(FileFacts facts, Fd file)
    {
        byte[] link = Link(file), list = new byte[65536], value = new byte[65536];
        Errno errno = Libc.Listxattr(CString.FromTerminated(link), list, out int size);
        if (errno.IsError)
        {
            facts.AddError("xattrs", Name(errno));
            return;
        }

        foreach (byte[] name in Split(list.AsSpan(0, size)).OrderBy(FileFactsKey, StringComparer.Ordinal))
        {
            errno = Libc.Getxattr(CString.FromTerminated(link), CString.FromTerminated([.. name, 0]), value, out int length);
            if (errno.IsError) facts.AddError($"xattr:{FileFactsKey(name)}", Name(errno));
            else facts.Add($"xattr:{FileFactsKey(name)}", Hash(value.AsSpan(0, length)));
        }
    }

    private static string FileFactsKey(byte[] name) => FileFacts.Escape(name);

    internal static List<byte[]> Split(ReadOnlySpan<byte> list)
    {
        var names = new List<byte[]>();
        while (list.IndexOf((byte)0) is int end && end > 0)
        {
            names.Add(list[..end].ToArray());
            list = list[(end + 1)..];
        }

        return names;
    }

    private static void AddTarget(FileFacts facts, Fd file)
    {
        byte[] target = new byte[65536];
        Errno errno = Libc.Readlinkat(file, default, target, out int length);
        if (errno.IsError) facts.AddError("target", Name(errno));
        else facts.AddBytes("target", target.AsSpan(0, length));
    }

    private void AddContents(FileFacts facts, Fd file, long size)
    {
        Errno errno = Libc.Openat(Fd.Cwd, CString.FromTerminated(Link(file)), OpenFlags.ReadOnly | OpenFlags.NonBlocking, 0, out OwnedFd opened);
        if (errno.IsError)
        {
            if (_contents) facts.AddError("data", Name(errno));
            return;
        }

        using (opened)
        {
            if (_contents) AddData(facts, opened, size);
            else facts.Add("map", DataMap.Describe(size, (long from, bool data, out long to) => Seek(opened, from, data, out to)));
        }
    }

    private static void AddData(FileFacts facts, OwnedFd file, long size) =>
        facts.Add("data", DataMap.Hash(Math.Min(size, LongestRead), (long at, Span<byte> buffer) => ReadAt(file, at, buffer)));

    private static string? Seek(OwnedFd file, long from, bool data, out long to)
    {
        Errno errno = Libc.Lseek(file, from, data ? SeekWhence.Data : SeekWhence.Hole, out to);
        return errno.IsOk ? null : Name(errno);
    }

    private static (int Count, string? Error) ReadAt(OwnedFd file, long offset, Span<byte> buffer)
    {
        Errno errno = Libc.Pread(file, buffer, offset, out int count);
        return (count, errno.IsOk ? null : Name(errno));
    }

    private static List<byte[]> Names(FileFacts facts, Fd directory)
    {
        var names = new List<byte[]>();
        Errno errno = Libc.Openat(directory, CString.FromTerminated(".\0"u8), OpenFlags.ReadOnly | OpenFlags.Directory, 0, out OwnedFd opened);
        byte[] buffer = new byte[65536];
        using (opened)
        {
            int count = 1;
            while (errno.IsOk && count > 0 && names.Count < MostEntries)
            {
                errno = Libc.Getdents64(opened, buffer, out count);
                var reader = new DirentReader(buffer.AsSpan(0, count));
                while (reader.TryRead(out Dirent entry))
                {
                    if (!entry.IsDotOrDotDot) names.Add(entry.Name.Bytes.ToArray());
                }
            }
        }

        if (errno.IsError) facts.AddError("readdir", Name(errno));
        return names;
    }

    private static OwnedFd Open(Fd directory, byte[] name)
    {
        Errno errno = Libc.Openat(directory, CString.FromTerminated([.. name, 0]), OpenFlags.Path | OpenFlags.NoFollow, 0, out OwnedFd file);
        Assert.True(errno.IsOk, $"{FileFacts.Escape(name)}: {errno}");
        return file;
    }

    // "Text (NAME)": the name is what two readers can agree on.
    private static string Name(Errno errno)
    {
        string text = errno.ToString();
        int open = text.LastIndexOf('(');
        return open < 0 ? text : text[(open + 1)..^1];
    }

    internal static string Hash(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 8));
}
