using System.Globalization;

namespace Ext4.Corpus.Tests;

/// <summary>A few hundred files that need every kind of map, directory and link.</summary>
internal static class BaseTree
{
    private const int NamesInBigDirectory = 250;
    private const int SparseBlocks = 120;

    public static void Fill(string root)
    {
        Directory.CreateDirectory(Path.Combine(root, "dir", "below"));
        Directory.CreateDirectory(Path.Combine(root, "empty"));
        string big = Directory.CreateDirectory(Path.Combine(root, "big")).FullName;
        for (int i = 0; i < NamesInBigDirectory; i++)
        {
            File.WriteAllText(Path.Combine(big, string.Create(CultureInfo.InvariantCulture, $"a-name-of-some-length-{i:d4}")), i % 7 == 0 ? "x" : "");
        }

        File.WriteAllText(Path.Combine(root, "a"), "a small file\n");
        File.WriteAllBytes(Path.Combine(root, "dir", "middle"), [.. Enumerable.Range(0, 70_000).Select(i => (byte)i)]);
        File.CreateSymbolicLink(Path.Combine(root, "short"), "dir/below");
        File.CreateSymbolicLink(Path.Combine(root, "long"), new string('l', 200));
        WriteSparse(Path.Combine(root, "sparse"));
    }

    // One block of data and one of hole in turn: more extents than fit an inode, and with a far end also deep indirect maps.
    private static void WriteSparse(string path)
    {
        using FileStream file = File.Create(path);
        byte[] block = [.. Enumerable.Repeat((byte)'s', 1024)];
        for (int i = 0; i < SparseBlocks; i++)
        {
            file.Position = i * 8192L;
            file.Write(block);
        }

        file.Position = 80L * 1024 * 1024;
        file.Write(block);
    }
}
