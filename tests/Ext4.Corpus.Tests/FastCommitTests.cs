using Ext4.Tests;
using Servers.Ext4;

namespace Ext4.Corpus.Tests;

/// <summary>
/// A power cut among fast commits: files are made, linked, renamed, removed, written, punched and cut, each made safe by fsync, and what the
/// journal then holds is replayed by the kernel and by the library.
/// </summary>
[Trait("Needs", "root")]
public sealed class FastCommitTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("-b 4096", 1)]
    [InlineData("-b 1024", 2)]
    [InlineData("-b 4096 -O inline_data -I 512", 3)]
    public void What_was_synced_by_fast_commits_is_shown_as_the_kernel_recovers_it(string arguments, int seed)
    {
        string work = MemoryDirectory.Create("ext4-fast-");
        try
        {
            string image = Path.Combine(work, "image"), crashed = Path.Combine(work, "crashed");
            Tool.Run("mke2fs", ["-q", "-F", "-t", "ext4", "-O", "fast_commit", .. arguments.Split(' '), image, "64M"]);
            // A full commit, which the kernel makes every few seconds, would take the place of all fast commits before it.
            using (KernelMount mount = KernelMount.TryMount(image, "rw,commit=300", out string said) ?? throw new InvalidOperationException(said))
            {
                new FastCommitWorkload(mount.Path, seed).Run();
                File.Copy(image, crashed);
            }

            byte[] before = File.ReadAllBytes(crashed);
            SortedDictionary<string, string> ours = Read(crashed, out RecoverySummary recovery);
            Assert.Equal(before, File.ReadAllBytes(crashed));
            output.WriteLine($"{ours.Count} files, {recovery}");
            Assert.True(recovery.FastCommitRecords > 50, $"the workload left {recovery}: these are no fast commits");
            using KernelMount kernel = KernelMount.TryMount(crashed, "rw", out string refused) ?? throw new InvalidOperationException(refused);
            List<string> differences = TreeComparison.Compare(Comparable(MountedTree.Read(kernel.Path)), Comparable(ours));
            Assert.True(differences.Count == 0, string.Join('\n', differences));
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    private static SortedDictionary<string, string> Read(string image, out RecoverySummary recovery)
    {
        using var device = new FileDevice(image);
        MountRefusal? refusal = Ext4Volume.Open(device, new VolumeOptions(), out Ext4Volume? volume);
        Assert.True(volume is not null, refusal?.Message);
        recovery = volume.Recovery!;
        return VolumeTree.Read(volume);
    }

    // Replay in the kernel is made of ordinary operations, which set the times of directories to now, and directories grow where its allocator
    // likes: what a directory holds has to agree, not when it was changed nor how much room it has.
    private static SortedDictionary<string, string> Comparable(SortedDictionary<string, string> tree) =>
        new(tree.ToDictionary(static line => line.Key, static line => string.Join(' ', line.Value.Split(' ').Where(IsComparable))), StringComparer.Ordinal);

    private static bool IsComparable(string fact) => !s_notCompared.Any(name => fact.StartsWith(name + "=", StringComparison.Ordinal));

    private static readonly string[] s_notCompared = ["atime", "mtime", "ctime", "blocks"];
}
