using Ext4.Tests;

namespace Ext4.Corpus.Tests;

/// <summary>A filesystem whose journal is on a device of its own, after a power cut: journal_path= is opened by whoever mounts.</summary>
[Trait("Needs", "root")]
[Collection(Ext4Listener.Collection)]
public sealed class ExternalJournalTests : IDisposable
{
    private readonly string _work = MemoryDirectory.Create("ext4-outside-");
    private readonly Ext4Listener _listener = new();

    [Fact]
    public void A_dirty_filesystem_is_recovered_from_the_journal_that_was_named()
    {
        (string image, string journal) = MakeCrashed();
        byte[] before = File.ReadAllBytes(journal);
        SortedDictionary<string, string>? ours = Ext4Listener.With(image, $"journal_path={journal}", MountedTree.Read, out string said);
        Assert.True(ours is not null, said + _listener.Log);
        Assert.Equal(before, File.ReadAllBytes(journal));

        SortedDictionary<string, string> kernels = OnLoop(journal, device =>
        {
            using KernelMount mount = KernelMount.TryMount(image, $"ro,journal_path={device}", out string refused) ?? throw new InvalidOperationException(refused);
            return MountedTree.Read(mount.Path);
        });
        List<string> differences = TreeComparison.Compare(kernels, ours);
        Assert.True(differences.Count == 0, string.Join('\n', differences));
    }

    [Fact]
    public void Without_the_right_journal_only_the_raw_state_is_shown()
    {
        (string image, string journal) = MakeCrashed();
        Refuses(image, "acl", "its journal is on another device");
        Refuses(image, $"journal_path={_work}/image", "what journal_path= names is no external journal");
        Refuses(image, $"journal_path={image}", "image-has-one-mount");
        Refuses(image, $"journal_path={journal}.not", "No such file");
        Refuses(image, $"journal_path={_work}", "is a directory, which ext4 cannot use");
        Refuses(journal, "acl", "an external journal, not a filesystem");
        Assert.Equal("here", Ext4Listener.With(image, "norecovery", _ => "here", out _));
    }

    public void Dispose()
    {
        _listener.Dispose();
        Directory.Delete(_work, recursive: true);
    }

    private static void Refuses(string image, string options, string reason)
    {
        Assert.Null(Ext4Listener.With<string>(image, options, _ => "", out string said));
        Assert.True(said.Contains(reason, StringComparison.Ordinal), said);
    }

    private (string Image, string Journal) MakeCrashed()
    {
        string image = Path.Combine(_work, "image"), journal = Path.Combine(_work, "journal");
        (string Image, string Journal) crashed = (image + ".crashed", journal + ".crashed");
        using (FileStream file = File.Create(journal)) file.SetLength(8 << 20);
        OnLoop(journal, device =>
        {
            Tool.Run("mke2fs", "-q", "-F", "-O", "journal_dev", "-b", "4096", device);
            Tool.Run("mke2fs", "-q", "-F", "-t", "ext4", "-b", "4096", "-J", $"device={device}", image, "24M");
            using KernelMount mount = KernelMount.TryMount(image, $"rw,journal_path={device}", out string said) ?? throw new InvalidOperationException(said);
            new Workload(mount.Path, 5).Run();
            Tool.Run("sync", "-f", mount.Path);
            // What is in the journal and not yet in its place is what a power cut would leave.
            File.Copy(image, crashed.Image);
            File.Copy(journal, crashed.Journal);
            return crashed;
        });
        return crashed;
    }

    private static T OnLoop<T>(string file, Func<string, T> use)
    {
        string device = Tool.Run("losetup", "--find", "--show", file).Trim();
        try
        {
            return use(device);
        }
        finally
        {
            Tool.Run("losetup", "--detach", device);
        }
    }
}
