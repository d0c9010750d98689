using System.Globalization;
using Ext4.Tests;
using Servers.Ext4;

namespace Ext4.Corpus.Tests;

/// <summary>Real mounts: mount(8), the helper, a contained server, the kernel's FUSE and its caches in between.</summary>
[Trait("Needs", "root")]
[Collection(Ext4Listener.Collection)]
public sealed class ContainedMountTests(ITestOutputHelper output)
{
    private const int LogLinesPerImage = 300;

    [Theory]
    [InlineData("-t ext4 -b 4096")]
    [InlineData("-t ext4 -b 1024 -O inline_data,ea_inode")]
    [InlineData("-t ext3 -b 1024")]
    [InlineData("-t ext2 -b 2048 -I 128")]
    public void A_contained_mount_shows_what_the_kernel_shows(string arguments)
    {
        string work = MemoryDirectory.Create("ext4-mount-");
        try
        {
            string image = Path.Combine(work, "image");
            Tool.Run("mke2fs", ["-q", "-F", .. arguments.Split(' '), image, "24M"]);
            using (KernelMount filled = KernelMount.TryMount(image, "rw", out string said) ?? throw new InvalidOperationException(said))
            {
                new Workload(filled.Path, arguments.Length).Run();
            }

            using var listener = new Ext4Listener();
            SortedDictionary<string, string>? ours = Ext4Listener.With(image, "acl", MountedTree.Read, out string refusal);
            Assert.True(ours is not null, refusal + listener.Log);
            using KernelMount kernel = KernelMount.TryMount(image, "ro", out string kernelSaid) ?? throw new InvalidOperationException(kernelSaid);
            List<string> differences = TreeComparison.Compare(MountedTree.Read(kernel.Path), ours);
            Assert.True(differences.Count == 0, string.Join('\n', differences));
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    [Fact]
    public void What_is_no_ext4_is_refused_in_one_line_that_says_what_it_is()
    {
        string work = MemoryDirectory.Create("ext4-mount-");
        try
        {
            string image = Path.Combine(work, "image");
            File.WriteAllBytes(image, new byte[1 << 20]);
            using var listener = new Ext4Listener();
            Assert.Null(Ext4Listener.With<string>(image, "acl", _ => "", out string said));
            Assert.Contains("no ext2, ext3 or ext4 filesystem", said, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    [Fact]
    public void Without_ro_it_is_mounted_read_only_all_the_same_and_says_so()
    {
        string work = MemoryDirectory.Create("ext4-mount-");
        try
        {
            string image = Path.Combine(work, "image");
            Tool.Run("mke2fs", "-q", "-F", image, "4M");
            using var listener = new Ext4Listener();
            string mountpoint = Directory.CreateDirectory(Path.Combine(work, "mnt")).FullName;
            string said = Tool.Run("sh", "-c", "mount -t fuse.ext4 \"$0\" \"$1\" 2>&1", image, mountpoint);
            string options = Tool.Run("findmnt", "-n", "-o", "FSTYPE,OPTIONS", mountpoint);
            Tool.Unmount(mountpoint);
            Assert.Contains("fuseblk.ext4 ro,", options, StringComparison.Ordinal);
            Assert.EndsWith("mounted read-only, ext4 does not write", said.TrimEnd(), StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    [Fact]
    public void Every_corpus_image_is_mounted_and_walked_or_refused()
    {
        if (CorpusFile.Directory is null)
        {
            output.WriteLine("CORPUS= names no directory: nothing was mounted.");
            return;
        }

        using var listener = new Ext4Listener();
        foreach (string file in CorpusFile.All())
        {
            string target = MemoryDirectory.Create("ext4-corpus-");
            try
            {
                foreach (string image in CorpusFile.Unpack(file, target)) MountAndWalk(listener, Path.GetFileName(file), image);
            }
            finally
            {
                Directory.Delete(target, recursive: true);
            }
        }

        Assert.DoesNotContain("unexpected failure", listener.Log, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", listener.Log, StringComparison.Ordinal);
    }

    [Fact]
    public void Mutants_are_mounted_and_walked_or_refused() => MountMutants(count: 45);

    [Fact]
    [Trait("Mode", "long")]
    public void Five_hundred_mutants_are_mounted_and_walked_or_refused() => MountMutants(count: 500);

    private void MountMutants(int count)
    {
        string work = MemoryDirectory.Create("ext4-mutant-");
        try
        {
            using var listener = new Ext4Listener();
            Mutator[] mutators = [.. BaseImage.All.Select((image, i) => new Mutator(image.Make(), 77 + i))];
            for (int i = 0; i < count; i++)
            {
                Mutator mutator = mutators[i % mutators.Length];
                string name = string.Join("; ", mutator.Mutate());
                // A file of its own: the server of the one before may still have that one, and with it its lock.
                string image = Path.Combine(work, "image" + i.ToString(CultureInfo.InvariantCulture));
                File.WriteAllBytes(image, mutator.Image);
                mutator.Restore();
                MountAndWalk(listener, name, image);
                File.Delete(image);
            }

            Assert.DoesNotContain("Exception", listener.Log, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    // The mount and the library must come to the same verdict, and what a damaged image makes the server say has an end.
    private void MountAndWalk(Ext4Listener listener, string name, string image)
    {
        int before = listener.Log.Length;
        bool opens;
        using (var device = new FileDevice(image)) opens = Ext4Volume.Open(device, new VolumeOptions(), out _) is null;
        SortedDictionary<string, string>? tree = Ext4Listener.With(image, "errors=continue", MountedTree.Read, out string said);
        Assert.True(opens == tree is not null, $"{name}: the library {(opens ? "opens" : "refuses")} it, mount said: {said}\n{listener.Log[before..]}");
        int lines = listener.Log[before..].Count(c => c == '\n');
        Assert.True(lines < LogLinesPerImage, $"{name}: {lines} lines in the log");
        output.WriteLine($"{name}: {(tree is null ? "refused" : $"{tree.Count} files")}, {lines} lines in the log");
    }
}
