using System.Formats.Tar;
using System.IO.Compression;

namespace Ext4.Corpus.Tests;

/// <summary>
/// Images that are kept beside the project, one compressed file each. CORPUS= names their directory; without it the tests say so and
/// run on generated images alone.
/// </summary>
internal static class CorpusFile
{
    // No file of the corpus is larger; a decompressed one that is would be a bomb.
    private const long LargestImage = 512L * 1024 * 1024;

    public static string? Directory => Environment.GetEnvironmentVariable("CORPUS") is { Length: > 0 } path && System.IO.Directory.Exists(path) ? path : null;

    public static IEnumerable<string> All() =>
        Directory is null ? [] : System.IO.Directory.EnumerateFiles(Directory).Order(StringComparer.Ordinal);

    /// <summary>Unpacks one into sparse files of <paramref name="target"/>: an image, or all the members of an archive.</summary>
    public static IReadOnlyList<string> Unpack(string file, string target)
    {
        string name = Path.GetFileName(file);
        string packed = file;
        if (name.EndsWith(".bz2", StringComparison.Ordinal))
        {
            packed = Path.Combine(target, "plain");
            Tool.Run("sh", "-c", "bzip2 -dc \"$1\" > \"$2\"", "sh", file, packed);
            name = name[..^4];
        }

        using Stream raw = File.OpenRead(packed);
        using Stream stream = name.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(raw, CompressionMode.Decompress) : raw;
        if (name.EndsWith(".tar", StringComparison.Ordinal)) return [.. UnpackArchive(stream, target)];
        string image = Path.Combine(target, "image");
        WriteSparse(stream, image);
        return [image];
    }

    private static IEnumerable<string> UnpackArchive(Stream stream, string target)
    {
        using var reader = new TarReader(stream);
        while (reader.GetNextEntry() is TarEntry entry)
        {
            if (entry.DataStream is null) continue;
            string path = Path.Combine(target, Path.GetFileName(entry.Name));
            WriteSparse(entry.DataStream, path);
            yield return path;
        }
    }

    private static void WriteSparse(Stream from, string path)
    {
        using FileStream to = File.Create(path);
        byte[] buffer = new byte[64 * 1024];
        for (int count; (count = from.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false)) > 0;)
        {
            Assert.True(to.Position + count <= LargestImage, $"{path} is too large");
            if (buffer.AsSpan(0, count).ContainsAnyExcept((byte)0)) to.Write(buffer, 0, count);
            else to.Position += count;
        }

        to.SetLength(to.Position);
    }
}
