using Integration.Tests.Support;

namespace Integration.Tests;

/// <summary>run.sh as a newcomer meets it: it works, works again, cleans up, and says in one line what is wrong.</summary>
[Trait("Needs", "root")]
public sealed class RunScriptTests
{
    private const string State = "/var/lib/fuservice-run";
    private static readonly string s_script = Checkout.Root + "/run.sh";

    [Fact]
    public void The_sample_mounts_twice_in_a_row_and_umount_cleans_everything_up()
    {
        for (int run = 0; run < 2; run++)
        {
            Outcome outcome = Shell.Run(TimeSpan.FromMinutes(3), s_script);
            Assert.True(outcome.ExitCode == 0, outcome.Output + outcome.Error);
            Assert.Contains("NoNewPrivs: 1", outcome.Output, StringComparison.Ordinal);
            Assert.Contains("umount " + State + "/mnt", outcome.Output, StringComparison.Ordinal);
            Assert.Equal("fuseblk.ext4", MountInfo.At(State + "/mnt")!.Type);
            Assert.Contains("CapEff: none", outcome.Output, StringComparison.Ordinal);
            Assert.Equal("a note of user 1000\n", File.ReadAllText(State + "/mnt/home/1000/note"));
        }

        Shell.Must("umount", State + "/mnt");
        Wait.For("run.sh to clean up behind the mount", () => !Directory.Exists(State));
        Assert.False(File.Exists("/run/fuservice/ext4"));
        Assert.DoesNotContain(State, Shell.Must("losetup", "-a"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_watcher_of_an_earlier_run_that_comes_late_leaves_the_later_mount_alone()
    {
        Shell.Must(s_script);
        try
        {
            Shell.Must(s_script, "--ended", "sample");
            Assert.True(File.Exists(State + "/mounts/sample"));
            Assert.Equal("a note of user 1000\n", File.ReadAllText(State + "/mnt/home/1000/note"));
        }
        finally
        {
            Shell.Must(s_script, "--stop");
        }

        Assert.False(Directory.Exists(State));
    }

    [Fact]
    public void Stop_takes_down_a_mount_of_the_users_own()
    {
        using OwnDirectory own = new();
        Outcome outcome = Shell.Run(TimeSpan.FromMinutes(3), s_script, own.Source, own.MountPoint);
        Assert.True(outcome.ExitCode == 0, outcome.Output + outcome.Error);
        Assert.Equal("fuse.passthrough", MountInfo.At(own.MountPoint)!.Type);
        Shell.Must(s_script, "--stop");
        Assert.Null(MountInfo.At(own.MountPoint));
        Assert.False(Directory.Exists(State));
    }

    [Fact]
    public void An_image_of_the_users_own_is_mounted_beside_a_directory()
    {
        using OwnDirectory own = new();
        string image = own.MakeImage("mke2fs -q -F -t ext4 -E root_owner=7:8 \"$1\" 16M");
        string second = own.MakeMountPoint();
        foreach ((string source, string target) in new[] { (own.Source, own.MountPoint), (image, second) })
        {
            Outcome outcome = Shell.Run(TimeSpan.FromMinutes(3), s_script, source, target);
            Assert.True(outcome.ExitCode == 0, outcome.Output + outcome.Error);
        }

        Assert.Equal("fuseblk.ext4", MountInfo.At(second)!.Type);
        Assert.Equal("7:8\n", Shell.Must("stat", "-c", "%u:%g", second));
        Shell.Must(s_script, "--stop");
        Assert.Null(MountInfo.At(second));
        Assert.False(Directory.Exists(State));
    }

    [Theory]
    [InlineData(": >\"$1\"", "found an empty device")]
    [InlineData("truncate -s 1M \"$1\"", "only zeros")]
    [InlineData("printf 'LUKS\\272\\276' >\"$1\" && truncate -s 1M \"$1\"", "a LUKS container")]
    [InlineData("mke2fs -q -F -t ext4 \"$1\" 16M && truncate -s 8M \"$1\"", "cut short: 8192 of its 16384 blocks")]
    public void An_image_that_cannot_be_mounted_is_one_line_that_says_why(string make, string reason)
    {
        using OwnDirectory own = new();
        string image = own.MakeImage(make);
        AssertOneLine(Shell.Run(TimeSpan.FromMinutes(3), s_script, image, own.MountPoint), reason);
    }

    [Fact]
    public void A_missing_source_is_one_line()
    {
        using OwnDirectory own = new();
        AssertOneLine(Shell.Run(TimeSpan.FromMinutes(3), s_script, own.Source + "/missing", own.MountPoint), "missing");
    }

    [Fact]
    public void A_wrong_option_is_one_line()
    {
        using OwnDirectory own = new();
        AssertOneLine(Shell.Run(TimeSpan.FromMinutes(3), s_script, own.Source, own.MountPoint, "-o", "no_such_option"), "no_such_option");
    }

    [Fact]
    public void A_directory_that_cannot_be_granted_is_one_line_with_the_way_out()
    {
        using OwnDirectory own = new();
        AssertOneLine(Shell.Run(TimeSpan.FromMinutes(3), s_script, "/proc/self", own.MountPoint), "idmap=off");
    }

    [Fact]
    public void Without_root_it_is_one_line()
    {
        Outcome outcome = Shell.Run("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", s_script);
        AssertOneLine(outcome, "must be run as root");
    }

    [Fact]
    public void Without_dev_fuse_it_is_one_line()
    {
        Outcome outcome = Shell.Run(
            "unshare", "--mount", "--propagation", "private", "/bin/bash", "-c",
            $"mount -t tmpfs none /dev && exec {s_script}");
        AssertOneLine(outcome, "/dev/fuse is missing");
    }

    private static void AssertOneLine(Outcome outcome, string contains)
    {
        Assert.NotEqual(0, outcome.ExitCode);
        Assert.Single(outcome.ErrorLines);
        Assert.Contains(contains, outcome.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(State), "run.sh left its state behind");
    }

    /// <summary>A source on a file system that can be id-mapped and a mountpoint.</summary>
    private sealed class OwnDirectory : IDisposable
    {
        private readonly string _image;

        public OwnDirectory()
        {
            Root = Directory.CreateTempSubdirectory("fuservice-it.").FullName;
            _image = Root + "/image";
            Shell.Script($"cd {Root} && mkdir src mnt && truncate -s 32M image && mkfs.ext4 -q -F image && mount -o loop image src");
        }

        public string Source => Root + "/src";

        public string MountPoint => Root + "/mnt";

        private string Root { get; }

        /// <summary>A file beside the source, made by a line of shell that knows it as $1.</summary>
        public string MakeImage(string script)
        {
            string image = Root + "/own.img";
            Shell.Must("/bin/bash", "-c", script, "make", image);
            return image;
        }

        public string MakeMountPoint() => Directory.CreateDirectory(Root + "/second").FullName;

        public void Dispose()
        {
            Shell.Run("umount", "-i", "-l", MountPoint);
            Shell.Run(s_script, "--stop");
            Shell.Must("umount", Source);
            Wait.Until(() => !Shell.Run("losetup", "-j", _image).Output.Contains("/dev/", StringComparison.Ordinal), Wait.Patience);
            Directory.Delete(Root, recursive: true);
        }
    }
}
