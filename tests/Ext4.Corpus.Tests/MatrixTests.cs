using Ext4.Tests;
using Servers.Ext4;

namespace Ext4.Corpus.Tests;

/// <summary>Many ways to make a filesystem, each filled at random, and the same tree seen by the kernel and by the library.</summary>
[Trait("Needs", "root")]
public sealed class MatrixTests(ITestOutputHelper output)
{
    [Fact]
    public void Every_configuration_shows_what_the_kernel_shows()
    {
        var failures = new List<string>();
        int seed = 1;
        foreach (MatrixCase configuration in MatrixCase.All)
        {
            string work = MemoryDirectory.Create("ext4-matrix-");
            try
            {
                string verdict = Compare(configuration, seed++, work);
                output.WriteLine($"{configuration}: {verdict}");
                if (!verdict.StartsWith("the same", StringComparison.Ordinal)) failures.Add($"{configuration}, seed {seed - 1}: {verdict}");
            }
            finally
            {
                Directory.Delete(work, recursive: true);
            }
        }

        output.WriteLine($"{MatrixCase.All.Count} configurations, {failures.Count} differ");
        Assert.True(MatrixCase.All.Count >= 60);
        Assert.True(failures.Count == 0, string.Join('\n', failures));
    }

    private static string Compare(MatrixCase configuration, int seed, string work)
    {
        string image = Path.Combine(work, "image"), copy = Path.Combine(work, "copy");
        string tree = Path.Combine(work, "tree");
        BaseTree.Fill(tree);
        bool byTool = configuration.Filling is Filling.ByTool or Filling.ByToolOnly;
        Tool.Run("mke2fs", ["-q", "-F", .. configuration.Arguments.Split(' '), .. byTool ? new[] { "-d", tree } : [], image, configuration.Size]);
        if (!byTool) Fill(configuration.Filling, image, copy, seed);
        // The unmount after the crash made a clean image of the other one.
        bool crashed = configuration.Filling == Filling.ByKernelThenCrash;
        File.Copy(crashed ? copy : image, crashed ? image : copy, overwrite: true);

        using var device = new FileDevice(image);
        MountRefusal? refusal = Ext4Volume.Open(device, new VolumeOptions(), out Ext4Volume? volume);
        if (volume is null) return refusal!.Message;
        SortedDictionary<string, string> ours = VolumeTree.Read(volume);
        string recovered = volume.Recovery is { } summary ? $", {summary.Blocks} blocks recovered" : "";
        if (crashed && recovered.Length == 0) return "the image was not dirty";
        if (!configuration.IsMountable) return Contents(ours).SequenceEqual(Contents(MountedTree.Read(tree))) ? $"the same as put in: {ours.Count} files" : "not what was put in";

        using KernelMount? mount = KernelMount.TryMount(copy, "ro", out string said);
        if (mount is null) return $"the kernel refuses: {said}";
        List<string> differences = TreeComparison.Compare(MountedTree.Read(mount.Path), ours);
        string space = StatfsLine.Compare(mount.Path, volume.Statfs(minix: false));
        return differences.Count == 0 && space.Length == 0 ? $"the same: {ours.Count} files{recovered}" : string.Join("\n    ", [space, .. differences]);
    }

    private static void Fill(Filling filling, string image, string copy, int seed)
    {
        using KernelMount mount = KernelMount.TryMount(image, "rw", out string said) ?? throw new InvalidOperationException(said);
        new Workload(mount.Path, seed).Run();
        if (filling != Filling.ByKernelThenCrash) return;
        // What is in the journal and not yet in its place is what a power cut would leave.
        Tool.Run("sync", "-f", mount.Path);
        new Workload(mount.Path, ~seed).Run();
        Tool.Run("sync", "-f", mount.Path);
        File.Copy(image, copy, overwrite: true);
    }

    // mke2fs -d keeps types, sizes, modes, targets and contents; numbers, owners of the root and maps are its own affair.
    private static IEnumerable<string> Contents(SortedDictionary<string, string> tree) => tree
        .Where(line => line.Key is not "/" and not "/lost+found")
        .Select(line => line.Key + " " + string.Join(' ', line.Value.Split(' ').Where(fact => fact.StartsWith("data=", StringComparison.Ordinal)
            || fact.StartsWith("target=", StringComparison.Ordinal) || fact.StartsWith("mode=", StringComparison.Ordinal))));
}
