namespace Passthrough.Tests;

/// <summary>What a workload costs in requests, counted by the trace: no hidden ones, and none where the kernel can do it by itself.</summary>
[Trait("Needs", "root")]
public class RequestCountTests
{
    private const string Options = "trace,attr_timeout=60,entry_timeout=60,negative_timeout=60,";

    /// <summary>security.capability is asked for once, before the first write; HANDLE_KILLPRIV_V2 is what makes it once.</summary>
    [Theory]
    [InlineData("passthrough=auto", 0)]
    [InlineData("passthrough=never", 1000)]
    public void A_thousand_writes_are_no_other_requests(string options, int writes)
    {
        Dictionary<string, int> count = Count(options, "", "dd if=/dev/zero of=f bs=4096 count=1000 status=none");
        Assert.Equal(writes, count.GetValueOrDefault("WRITE"));
        Assert.InRange(count.GetValueOrDefault("GETXATTR"), 0, 1);
        Assert.Equal((1, 1), (count["CREATE"], count["RELEASE"]));
        Assert.InRange(count.GetValueOrDefault("GETATTR") + count.GetValueOrDefault("SETATTR"), 0, 3);
    }

    [Fact]
    public void Writes_into_an_open_file_in_passthrough_are_no_requests_at_all()
    {
        Dictionary<string, int> count = Count("passthrough=auto", "echo > f", "exec 3<>f; for i in $(seq 100); do echo $i >&3; done; exec 3>&-");
        Assert.Equal((1, 1), (count["OPEN"], count["RELEASE"]));
        Assert.InRange(count.GetValueOrDefault("GETXATTR"), 0, 1);
        Assert.Equal(0, count.GetValueOrDefault("WRITE") + count.GetValueOrDefault("FLUSH"));
        Assert.InRange(count.GetValueOrDefault("GETATTR"), 0, 2);
    }

    [Fact]
    public void Open_read_and_close_in_passthrough_are_an_open_and_a_release()
    {
        Dictionary<string, int> count = Count("passthrough=auto", "seq 1000 > f", "stat f > /dev/null; for i in 1 2 3 4 5; do read x < f; done");
        Assert.Equal((5, 5, 1), (count["OPEN"], count["RELEASE"], count["LOOKUP"]));
        Assert.Equal(0, count.GetValueOrDefault("READ") + count.GetValueOrDefault("FLUSH"));
    }

    [Fact]
    public void A_listing_with_attributes_looks_nothing_up()
    {
        const int files = 300;
        Dictionary<string, int> count = Count("passthrough=auto", $"touch $(seq {files})", "ls -l --color=never . > /dev/null");
        Assert.Equal(0, count.GetValueOrDefault("LOOKUP"));
        Assert.InRange(count["READDIRPLUS"], 1, 10);
        Assert.InRange(count.GetValueOrDefault("GETATTR"), 0, 2);
    }

    [Fact]
    public void A_missing_name_is_asked_for_once()
    {
        Dictionary<string, int> count = Count("passthrough=auto", "", "for i in 1 2 3 4 5; do [ ! -e missing ]; done");
        Assert.Equal(1, count["LOOKUP"]);
    }

    /// <summary>Requests of <paramref name="script"/>, run in a mount of a tree that <paramref name="prepare"/> has made before.</summary>
    private static Dictionary<string, int> Count(string options, string prepare, string script)
    {
        using PassthroughMount mount = new(Options + options);
        Shell.Bash($"cd {mount.Source} && {(prepare.Length == 0 ? "true" : prepare)}");

        // The sleeping directory of the shell is the mount's root, whose attributes the mount has asked for already.
        int start = Requests(mount).Length;
        Shell.Bash($"cd {mount.Path} && {script}");
        mount.Unmount();
        return Requests(mount)[start..].GroupBy(static name => name).ToDictionary(static group => group.Key, static group => group.Count());
    }

    private static string[] Requests(PassthroughMount mount) =>
    [
        .. mount.Log.Split('\n').Where(static line => line.Contains(": rx ", StringComparison.Ordinal))
            .Select(static line => line[line.IndexOf(": rx ", StringComparison.Ordinal)..].Split(' ')[3]),
    ];
}
