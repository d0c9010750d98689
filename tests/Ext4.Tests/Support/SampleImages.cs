using System.Collections.Concurrent;

namespace Ext4.Tests;

/// <summary>Small images that many tests start from. Each is made once; every test gets its own copy of the bytes.</summary>
internal static class SampleImages
{
    private const int Fragments = 12;

    private static readonly ConcurrentDictionary<(string Arguments, string Size), Lazy<byte[]>> s_made = new();

    /// <summary>No checksums, so that a changed byte is a lie about its meaning and nothing else.</summary>
    public static ImageSurgeon Plain() => Get("-t ext4 -b 1024 -O ^metadata_csum,^has_journal,^64bit,ea_inode");

    public static ImageSurgeon Checked() => Get("-t ext4 -b 1024 -O metadata_csum,^has_journal");

    public static ImageSurgeon Indirect() => Get("-t ext2 -b 1024 -I 256");

    public static ImageSurgeon Inline() => Get("-t ext4 -b 1024 -I 256 -O ^metadata_csum,^has_journal,inline_data");

    /// <summary>The smallest journal that has room for fast commits.</summary>
    public static ImageSurgeon FastCommit() => Get("-t ext4 -b 1024 -O ^metadata_csum,^64bit,has_journal,fast_commit -J size=2", "12M");

    public static ImageSurgeon Get(string arguments, string size = "4M") =>
        new(new MemoryDevice([.. s_made.GetOrAdd((arguments, size), a => new Lazy<byte[]>(() => Make(a.Arguments, a.Size))).Value]));

    private static byte[] Make(string arguments, string size)
    {
        using var tree = new TemporaryTree();
        tree.Write("file", [.. Enumerable.Repeat((byte)'a', 5000)]);
        tree.Write("tiny", "tiny contents"u8.ToArray());
        tree.Write("dir/one", [1]);
        tree.Write("dir/two", [2]);
        tree.Fragmented("pieces", Fragments);
        for (int i = 0; i < 600; i++)
        {
            tree.Write($"large/a name of some length, number {i:d4}", []);
        }

        for (int i = 0; i < 10; i++)
        {
            tree.Write($"small/name {i:d2} {new string('y', 40)}", []);
        }

        tree.Link("fast", "file");
        tree.Link("slow", new string('t', 100));
        using TemporaryImage image = TemporaryImage.Make(size, [.. arguments.Split(' '), "-N", "1024", "-d", tree.Root]);
        string commands = Path.Combine(tree.Root, "commands");
        File.WriteAllLines(commands,
        [
            "ea_set file user.short value", "ea_set file trusted.t secret", "ea_set file security.s label",
            $"ea_set dir user.long {new string('v', 300)}", "mknod console c 5 1", "mknod pipe p",
        ]);
        Tool.Run("debugfs", "-w", "-f", commands, image.FilePath);
        // Builds the hash trees, which mke2fs does not. 1 means that something was changed.
        Tool.RunAny("e2fsck", "-fyD", image.FilePath);
        return File.ReadAllBytes(image.FilePath);
    }
}
