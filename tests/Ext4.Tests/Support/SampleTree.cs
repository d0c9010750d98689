using System.Security.Cryptography;

namespace Ext4.Tests;

/// <summary>A small tree on the host that has one of everything: long names, deep paths, a large directory, holes, links.</summary>
public sealed class SampleTree : IDisposable
{
    private const int ManyFiles = 700;

    public SampleTree()
    {
        Root = Directory.CreateTempSubdirectory("ext4-tree-").FullName;
        Write("empty", []);
        Write("small", "a few bytes"u8.ToArray());
        Write("middle", RandomNumberGenerator.GetBytes(100));
        Write("large", RandomNumberGenerator.GetBytes(3_000_001));
        Write(new string('n', 255), [1]);
        Write("deep/er/and/deeper/file", [2, 3]);
        for (int i = 0; i < ManyFiles; i++)
        {
            Write($"many/file number {i:d6} of a large directory", [(byte)i]);
        }

        File.CreateSymbolicLink(Path("short link"), "small");
        File.CreateSymbolicLink(Path("long link"), new string('x', 200));
        using FileStream sparse = File.Create(Path("sparse"));
        sparse.Write("start"u8);
        sparse.Position = 5_000_000;
        sparse.Write("end"u8);
    }

    public string Root { get; }

    /// <summary>Path, size and target of all that was made.</summary>
    public string[] Expected() => [.. Directory.EnumerateFileSystemEntries(Root, "*", SearchOption.AllDirectories)
        .Select(entry => new FileInfo(entry))
        .Select(info => Line("/" + System.IO.Path.GetRelativePath(Root, info.FullName).Replace(" ", "\\x20", StringComparison.Ordinal),
            info.LinkTarget != null || info.Attributes.HasFlag(FileAttributes.Directory) ? -1 : info.Length, info.LinkTarget ?? ""))
        .Order(StringComparer.Ordinal)];

    /// <summary>The same of a walk, without what mke2fs adds.</summary>
    public static string[] Found(WalkReport report)
    {
        return [.. report.Files.Where(f => f.Key is not "/" and not "/lost+found")
            .Select(f => Line(f.Key, f.Value.Mode >> 12 == 8 ? f.Value.Size : -1, f.Value.Target))
            .Order(StringComparer.Ordinal)];
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);

    private static string Line(string path, long size, string target) => $"{path} {size} {target}";

    private string Path(string name) => System.IO.Path.Combine(Root, name);

    private void Write(string name, byte[] content)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path(name))!);
        File.WriteAllBytes(Path(name), content);
    }
}
