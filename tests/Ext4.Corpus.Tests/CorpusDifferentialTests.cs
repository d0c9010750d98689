using System.Security.Cryptography;
using Ext4.Tests;
using Servers.Ext4;

namespace Ext4.Corpus.Tests;

/// <summary>Where the kernel mounts an image of the corpus, the library shows the same tree, or the difference is listed with its reason.</summary>
[Trait("Needs", "root")]
public sealed class CorpusDifferentialTests(ITestOutputHelper output)
{
    [Fact]
    public void The_library_and_the_kernel_show_the_same_trees()
    {
        if (CorpusFile.Directory is null)
        {
            output.WriteLine("CORPUS= names no directory: nothing was compared.");
            return;
        }

        List<string> unexplained = [];
        foreach (string file in CorpusFile.All())
        {
            string target = MemoryDirectory.Create("ext4-corpus-");
            try
            {
                foreach (string image in CorpusFile.Unpack(file, target)) Compare(Path.GetFileName(file), image, unexplained);
            }
            finally
            {
                Directory.Delete(target, recursive: true);
            }
        }

        Assert.True(unexplained.Count == 0, string.Join('\n', unexplained));
    }

    private void Compare(string name, string image, List<string> unexplained)
    {
        string copy = image + ".copy";
        File.Copy(image, copy);
        byte[] before = HashOf(image);
        using var device = new FileDevice(image);
        MountRefusal? refusal = Ext4Volume.Open(device, new VolumeOptions(), out Ext4Volume? volume);
        using KernelMount? mount = KernelMount.TryMount(copy, "ro,errors=continue", out string said);
        string verdict = (mount, volume) switch
        {
            (null, null) => $"both refuse: {refusal!.Error}",
            (null, _) => $"only the kernel refuses: {said.Split('\n').First(line => line.Length > 0)}",
            (_, null) => $"only the library refuses: {refusal!.Error}",
            _ => string.Join("\n    ", TreeComparison.Compare(MountedTree.Read(mount.Path), VolumeTree.Read(volume))),
        };
        output.WriteLine($"{name}: {(verdict.Length == 0 ? "the same" : verdict)}");
        bool differs = mount is not null && verdict.Length != 0;
        if (differs && !KnownDifferences.Explains(name)) unexplained.Add($"{name}: {verdict}");
        Assert.Equal(before, HashOf(image));
    }

    private static byte[] HashOf(string path)
    {
        using FileStream file = File.OpenRead(path);
        return SHA256.HashData(file);
    }
}
