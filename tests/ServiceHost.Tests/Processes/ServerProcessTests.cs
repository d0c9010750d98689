using System.Diagnostics;
using System.Net.Sockets;

namespace ServiceHost.Tests.Processes;

/// <summary>The life of a published server: both dialects, the service manager, and what a person can start by hand.</summary>
[Collection("service sockets")]
[Trait("Needs", "root")]
public sealed class ServerProcessTests
{
    [Fact]
    public void On_v1_it_is_nobody_without_a_capability_and_is_gone_after_umount()
    {
        using ServiceListener listener = new();
        using TestTree tree = new();
        Mount(tree, "protocol=v1");
        int server = tree.FindServer();
        Assert.Equal("content", File.ReadAllText(tree.Mountpoint + "/file"));
        Assert.Equal("65534\t65534\t65534\t65534", Status(server, "Uid"));
        Assert.Equal("65534\t65534\t65534\t65534", Status(server, "Gid"));
        foreach (string task in Directory.EnumerateDirectories($"/proc/{server}/task"))
        {
            foreach (string set in (string[])["CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"])
            {
                Assert.Equal("0000000000000000", Field(task + "/status", set));
            }

            Assert.Equal("1", Field(task + "/status", "NoNewPrivs"));
        }

        Assert.Equal(0, TestTree.Run("umount", tree.Mountpoint).ExitCode);
        Wait.For("the end", () => listener.Deaths.Count == 1);
        Assert.EndsWith("died with code 0", listener.Deaths[0], StringComparison.Ordinal);
    }

    [Fact]
    public void What_waits_for_the_server_has_no_right_and_no_descriptor_of_the_mount()
    {
        using ServiceListener listener = new();
        using TestTree tree = new();
        Mount(tree, "rw");
        int parent = int.Parse(Status(tree.FindServer(), "PPid"), System.Globalization.CultureInfo.InvariantCulture);
        Assert.DoesNotContain("0\t", Status(parent, "Uid").Split('\t').Select(static uid => uid + "\t"));
        Assert.Equal("0000000000000000", Status(parent, "CapEff"));
        Assert.Equal("0000000000000000", Status(parent, "CapPrm"));

        // It gives up what it has while stage 2 is mounting already.
        string[] links = Wait.For(() => Links(parent), static links => !links.Any(static link =>
            link.Contains("memfd", StringComparison.Ordinal) || link.Contains("socket", StringComparison.Ordinal) || link == "/"));
        Assert.Contains(links, static link => link.Contains("pidfd", StringComparison.Ordinal));

        // The runtime's own threads keep a full bounding set: nothing is left that could use it, no exec and no other call.
        Wait.For("its filter on every thread", () => Directory.GetDirectories($"/proc/{parent}/task").All(static task =>
            Field(task + "/status", "Seccomp") == "2" && Field(task + "/status", "NoNewPrivs") == "1"));
        Assert.Equal(0, TestTree.Run("umount", tree.Mountpoint).ExitCode);
    }

    [Fact]
    public void Stage_2_has_a_clean_environment_and_only_its_title_as_argument()
    {
        using ServiceListener listener = new("SECRET=1", "DOTNET_gcServer=1");
        using TestTree tree = new();
        Mount(tree, "rw");
        int server = tree.FindServer();
        Assert.Equal("FUSERVICE_STAGE_TWO=3\0", File.ReadAllText($"/proc/{server}/environ"));
        Assert.Equal($"fuservice-passthrough: {tree.Source} on {tree.Mountpoint}\0", File.ReadAllText($"/proc/{server}/cmdline"));
        Assert.Equal("0 0", Field($"/proc/{server}/limits", "Max core file size").Split("bytes")[0].Trim().Replace("                    ", " ", StringComparison.Ordinal));
        Assert.Equal(0, TestTree.Run("umount", tree.Mountpoint).ExitCode);
    }

    [Fact]
    public void Under_a_service_manager_stage_1_hands_over_and_leaves()
    {
        string address = Path.Combine(Path.GetTempPath(), "fuservice-notify-" + Guid.NewGuid().ToString("N"));
        using Socket manager = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { ReceiveTimeout = (int)Wait.Patience.TotalMilliseconds };
        manager.Bind(new UnixDomainSocketEndPoint(address));
        try
        {
            using ServiceListener listener = new("NOTIFY_SOCKET=" + address);
            using TestTree tree = new();
            Mount(tree, "rw");
            int server = tree.FindServer();
            // In this order: a unit listens to its main process alone.
            Assert.Equal($"MAINPID={server}", Receive(manager));
            Assert.Equal($"READY=1\nSTATUS=serving {tree.Source} on {tree.Mountpoint}", Receive(manager));
            Wait.For("the end of stage 1", () => listener.Deaths.Count == 1);
            Assert.EndsWith("died with code 0", listener.Deaths[0], StringComparison.Ordinal);
            Assert.Equal("content", File.ReadAllText(tree.Mountpoint + "/file"));
            Assert.Equal(0, TestTree.Run("umount", tree.Mountpoint).ExitCode);
            Assert.Equal($"STOPPING=1\nSTATUS=no longer serving {tree.Source} on {tree.Mountpoint}", Receive(manager));
        }
        finally
        {
            File.Delete(address);
        }
    }

    [Fact]
    public async Task A_reader_of_the_log_that_goes_away_does_not_end_the_mount()
    {
        using TestTree tree = new();
        string fifo = tree.Source + "/log";
        Assert.Equal(0, TestTree.Run("mkfifo", fifo).ExitCode);
        using ServiceListener listener = new(["sh", "-c", $"exec \"$0\" --require=plain 2>{fifo}", ServiceListener.Server], []);
        Task<(int ExitCode, string Output, string Error)> reader = Task.Run(() => TestTree.Run("head", "-n", "1", fifo));
        Mount(tree, "rw,trace");
        int server = tree.FindServer();
        for (int i = 0; i < 100 || !reader.IsCompleted; i++)
        {
            Assert.Equal("content", File.ReadAllText(tree.Mountpoint + "/file"));
        }

        Assert.NotEmpty((await reader).Output);
        Assert.NotEmpty(Directory.GetFiles(tree.Mountpoint));
        Assert.Equal(server, tree.FindServer());
        Assert.Equal(0, TestTree.Run("umount", tree.Mountpoint).ExitCode);
        Wait.For("the end", () => listener.Deaths.Count == 1);
        Assert.EndsWith("died with code 0", listener.Deaths[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SIGINT")]
    [InlineData("SIGTERM")]
    public void Developer_mode_serves_as_root_and_unmounts_on_a_signal(string signal)
    {
        using TestTree tree = new();
        using Process server = Process.Start(new ProcessStartInfo(
            ServiceListener.Server, ["--foreground", tree.Source, tree.Mountpoint, "-o", "suid,dev"])
        {
            RedirectStandardError = true,
        })!;
        Wait.For("the mount", () => tree.IsMounted);
        File.WriteAllText(tree.Mountpoint + "/new", "x");
        Assert.Equal("0\t0\t0\t0", Status(server.Id, "Uid"));
        Assert.True(File.Exists(tree.Source + "/new"));
        TestTree.Run("kill", "-" + signal[3..], server.Id.ToString(System.Globalization.CultureInfo.InvariantCulture));
        Assert.True(server.WaitForExit(Wait.Patience), "it did not end");
        Assert.Equal(0, server.ExitCode);
        Assert.False(tree.IsMounted);
    }

    [Theory]
    [InlineData(new[] { "--version" }, 0, "fuservice-passthrough 0.1.0")]
    [InlineData(new[] { "-o", "help" }, 0, "  request_timeout=SECONDS")]
    [InlineData(new[] { "--help" }, 0, "mount -t fuse.passthrough SOURCE MOUNTPOINT")]
    [InlineData(new string[0], 1, "this is a service and is started by its socket")]
    [InlineData(new[] { "--nonsense" }, 1, "unknown argument '--nonsense'")]
    [InlineData(new[] { "--foreground", "/nowhere", "/tmp" }, 1, "/nowhere: No such file or directory (ENOENT)")]
    [InlineData(new[] { "--foreground", "/tmp", "/nowhere" }, 1, "/nowhere: No such file or directory (ENOENT)")]
    [InlineData(new[] { "--foreground", "/tmp", "/tmp", "-o", "nosuch" }, 1, "unknown option 'nosuch'")]
    public void By_hand(string[] args, int exitCode, string words)
    {
        (int code, string output, string error) = TestTree.Run(ServiceListener.Server, args);
        Assert.Equal(exitCode, code);
        Assert.Contains(words, exitCode == 0 ? output : error, StringComparison.Ordinal);
        Assert.DoesNotContain(" at ServiceHost.", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("FUSERVICE_STAGE_TWO=3 $0", "descriptor 3 is no state of this program")]
    [InlineData("FUSERVICE_STAGE_TWO=3 $0 3</dev/zero", "descriptor 3 is no state of this program")]
    [InlineData("LISTEN_PID=$$ LISTEN_FDS=2 exec $0", "expected one connection from the service manager, got '2'")]
    [InlineData("LISTEN_PID=$$ LISTEN_FDS=1 exec $0 3</dev/null", "descriptor 3 is no connection of a ListenSequentialPacket= socket")]
    [InlineData("LISTEN_PID=1 LISTEN_FDS=1 exec $0", "this is a service and is started by its socket")]
    public void A_forged_activation_is_refused(string script, string words)
    {
        (int code, _, string error) = TestTree.Run("sh", "-c", script, ServiceListener.Server);
        Assert.Equal(1, code);
        Assert.Contains(words, error, StringComparison.Ordinal);
    }

    private static void Mount(TestTree tree, string options)
    {
        (int exitCode, _, string error) = TestTree.Run(
            ServiceListener.Bin + "/fuservicemount", "-t", "passthrough", tree.Source, tree.Mountpoint, "-o", options);
        Assert.True(exitCode == 0, error);
    }

    private static string Receive(Socket socket)
    {
        byte[] buffer = new byte[4096];
        return System.Text.Encoding.UTF8.GetString(buffer, 0, socket.Receive(buffer));
    }

    private static string[] Links(int pid) =>
        [.. Directory.EnumerateFileSystemEntries($"/proc/{pid}/fd").Select(static path => new FileInfo(path).LinkTarget).OfType<string>()];

    private static string Status(int pid, string key) => Field($"/proc/{pid}/status", key);

    private static string Field(string path, string key) =>
        File.ReadLines(path).First(line => line.StartsWith(key, StringComparison.Ordinal))[key.Length..].TrimStart(':').Trim();
}
