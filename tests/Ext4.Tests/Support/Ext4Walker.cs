using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Servers.Ext4;

namespace Ext4.Tests;

/// <summary>
/// Opens an image and looks at everything in it: all names, inodes, links, attributes, contents and maps. Nothing in it expects the
/// image to be sane; its limits keep a crafted one from making the walk endless.
/// </summary>
public sealed class Ext4Walker(Ext4Volume volume)
{
    private const int Chunk = 256 * 1024;

    private readonly byte[] _buffer = new byte[Chunk];
    private readonly HashSet<uint> _visited = [];
    private readonly WalkReport _report = new();

    public int MaximumFiles { get; init; } = 200_000;

    /// <summary>Contents read in total; mapped bytes only, holes are not read.</summary>
    public long MaximumBytes { get; init; } = 1L << 30;

    public int MaximumRunsPerFile { get; init; } = 50_000;

    public static WalkReport Walk(IBlockDevice device, VolumeOptions? options = null)
    {
        MountRefusal? refusal = Ext4Volume.Open(device, options ?? new VolumeOptions(), out Ext4Volume? volume);
        return refusal == null ? new Ext4Walker(volume!).Walk() : new WalkReport { Refusal = refusal };
    }

    public WalkReport Walk()
    {
        volume.Statfs(minix: false);
        if (Ok("/", "getattr", volume.GetInode(InodeNumber.Root, out Inode? root)))
        {
            var pending = new Stack<(string Path, Inode Directory)>();
            Visit("/", root!);
            pending.Push(("/", root!));
            while (pending.TryPop(out (string Path, Inode Directory) next) && !_report.IsCut)
            {
                WalkDirectory(next.Path, next.Directory, pending);
            }
        }

        return _report;
    }

    private void WalkDirectory(string path, Inode directory, Stack<(string Path, Inode Directory)> pending)
    {
        if (!_visited.Add(directory.Number.Value)
            || !Ok(path, "opendir", volume.OpenDirectory(directory, 0, out DirectoryReader? reader)))
        {
            return;
        }

        while (!_report.IsCut && reader!.MoveNext())
        {
            byte[] name = reader.Current.Name.ToArray();
            if (name is [(byte)'.'] or [(byte)'.', (byte)'.'])
            {
                continue;
            }

            string child = (path == "/" ? "/" : path + "/") + Display(name);
            if (Ok(child, "lookup", volume.Lookup(directory, name, out Inode? inode)) && Visit(child, inode!) && inode!.IsDirectory)
            {
                pending.Push((child, inode));
            }
        }

        Ok(path, "readdir", reader!.Error);
    }

    private bool Visit(string path, Inode inode)
    {
        if (_report.Files.Count >= MaximumFiles || _report.BytesRead >= MaximumBytes)
        {
            _report.IsCut = true;
            return false;
        }

        (string content, string holes) = inode.IsRegular ? Content(path, inode) : ("", "");
        _report.Files[path] = new FileRecord(
            inode.Number.Value, inode.Mode, inode.Uid, inode.Gid, inode.Size, inode.LinkCount, inode.Sectors, inode.ModificationTime,
            inode.ChangeTime, inode.AccessTime, content, Attributes(path, inode), holes, Target(path, inode),
            inode.Type is FileType.CharacterDevice or FileType.BlockDevice ? (inode.DeviceMajor << 20) | inode.DeviceMinor : 0);
        return true;
    }

    private string Target(string path, Inode inode)
    {
        if (!inode.IsSymlink || !Ok(path, "readlink", volume.Readlink(inode, _buffer, out int length)))
        {
            return "";
        }

        return Display(_buffer.AsSpan(0, length));
    }

    private string Attributes(string path, Inode inode)
    {
        if (!Ok(path, "listxattr", volume.Listxattr(inode, _buffer, out int length)))
        {
            return "!";
        }

        var lines = new List<string>();
        foreach (Range range in SplitNames(_buffer.AsSpan(0, length).ToArray(), out byte[] names))
        {
            byte[] name = names[range];
            if (Ok(path, "getxattr", volume.Getxattr(inode, name, _buffer, out int size)))
            {
                lines.Add(Display(name) + "=" + Convert.ToHexString(_buffer.AsSpan(0, size)));
            }
        }

        lines.Sort(StringComparer.Ordinal);
        return string.Join('\n', lines);
    }

    private static List<Range> SplitNames(byte[] list, out byte[] names)
    {
        names = list;
        var ranges = new List<Range>();
        int start = 0;
        for (int i = 0; i < list.Length; i++)
        {
            if (list[i] == 0)
            {
                ranges.Add(start..i);
                start = i + 1;
            }
        }

        return ranges;
    }

    // Mapped parts are read, the rest is hashed as what it is, so that a sparse file of a terabyte costs nothing.
    private (string Content, string Holes) Content(string path, Inode inode)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var holes = new StringBuilder();
        long offset = 0;
        for (int runs = 0; offset < inode.Size; runs++)
        {
            if (runs >= MaximumRunsPerFile || _report.BytesRead >= MaximumBytes)
            {
                return ("cut", "cut");
            }

            Ext4Error error = volume.MapAt(inode, offset, out FileExtent extent);
            if (!Ok(path, "map", error) || extent.Length <= 0)
            {
                return ("!" + error.Kind, holes.ToString());
            }

            bool data = extent.State == RunState.Mapped;
            holes.Append(CultureInfo.InvariantCulture, $"{(data ? 'd' : 'h')}{extent.Length} ");
            if (data && !Hash(path, inode, extent, hash))
            {
                return ("!read", holes.ToString());
            }

            if (!data)
            {
                hash.AppendData(BitConverter.GetBytes(extent.Length));
            }

            offset = extent.End;
        }

        return (Convert.ToHexString(hash.GetHashAndReset()), holes.ToString());
    }

    private bool Hash(string path, Inode inode, FileExtent extent, IncrementalHash hash)
    {
        for (long at = extent.Offset; at < extent.End; at += Chunk)
        {
            int wanted = (int)Math.Min(Chunk, extent.End - at);
            if (!Ok(path, "read", volume.Read(inode, at, _buffer.AsSpan(0, wanted), out int count)))
            {
                return false;
            }

            hash.AppendData(_buffer, 0, count);
            _report.BytesRead += count;
            if (_report.BytesRead >= MaximumBytes)
            {
                return false;
            }
        }

        return true;
    }

    private bool Ok(string path, string operation, Ext4Error error)
    {
        if (!error.IsNone)
        {
            _report.Errors.Add((path, operation, error));
        }

        return error.IsNone;
    }

    /// <summary>Bytes outside printable ASCII become \xNN, so that every name has one text.</summary>
    private static string Display(ReadOnlySpan<byte> name)
    {
        var text = new StringBuilder();
        foreach (byte b in name)
        {
            text.Append(b is > 0x20 and < 0x7F and not (byte)'\\' ? ((char)b).ToString() : $"\\x{b:x2}");
        }

        return text.ToString();
    }
}
