using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using ServiceHost.Linux;
using ServiceHost.MountProtocol;

namespace MountHelper.Tests;

/// <summary>Users, the broker and a real server: files that only their owner can reach, owners and bits on disk, servers that stand still.</summary>
[Trait("Needs", "root")]
public sealed class UserFilesystemTests : IDisposable
{
    private const int SIGCONT = 18;
    private const int SIGSTOP = 19;

    private readonly RootThread _root = new();

    private readonly MountSandbox _sandbox = new();
    private readonly BrokerService _broker;
    private readonly HelperRun _passthrough;

    public UserFilesystemTests()
    {
        _broker = new BrokerService(_sandbox);
        Root("mount -t tmpfs -o mode=755,uid=1000,gid=1000 none {dir}/src; mkdir {dir}/m2; chown 1000:1000 {dir}/m2");
        _passthrough = HelperRun.Start(_sandbox, ["systemd-socket-activate", "--seqpacket", "--accept", "-l", "/run/fuservice/passthrough",
            HelperBinary.Passthrough, "--require=plain"]);
        Listening.On(1, _passthrough.Pid);
    }

    private string Home => _sandbox.Mountpoint;

    public void Dispose()
    {
        _sandbox.Shell($"umount -l {_sandbox.In("m2")} {Home}; true").Wait().Dispose();

        // The next test looks for its own by the ids of the pool.
        Wait.Until(static () => HomeServer().Length == 0, Wait.Patience);
        _root.Dispose();
        _passthrough.Dispose();
        _broker.Dispose();
        _sandbox.Dispose();
    }

    private string Root(string script)
    {
        using HelperRun run = _sandbox.Shell(BrokerStage.Paths(_sandbox, script)).Succeeded();
        return run.Output.Trim();
    }

    private HelperRun Try(string script, uint uid = 1000) => _broker.As(uid, $"sh -c '{BrokerStage.Paths(_sandbox, script)}'").Wait();

    private string User(string script, uint uid = 1000)
    {
        using HelperRun run = Try(script, uid).Succeeded();
        return run.Output.Trim();
    }

    /// <summary>A filesystem of uid 1000's alone, into which root cannot look.</summary>
    private void MountHome(string options = "rw")
    {
        User($"mount -t fuse.passthrough -o {options} {{dir}}/src {{mnt}}");
        using HelperRun root = _sandbox.Shell($"ls {Home}").Wait();
        Assert.Contains("Permission denied", root.Errors, StringComparison.Ordinal);
    }

    /// <summary>The processes of the server, by ids of the pool.</summary>
    private static int[] HomeServer() => [.. Directory.GetDirectories("/proc")
        .Select(static folder => int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out int pid) ? pid : 0)
        .Where(static pid => pid > 0 && IsStageTwo(pid))];

    private static bool IsStageTwo(int pid)
    {
        try
        {
            string[] status = File.ReadAllLines(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/status"));
            return status[0].EndsWith("fuservice-passt", StringComparison.Ordinal)
                && long.Parse(status.First(static line => line.StartsWith("Uid:", StringComparison.Ordinal)).Split('\t')[1], CultureInfo.InvariantCulture) >= 0x70000000
                && !status.Any(static line => line.StartsWith("State:\tZ", StringComparison.Ordinal));
        }
        catch (IOException)
        {
            return false;
        }
    }

    [Fact]
    public void An_image_on_a_filesystem_that_root_cannot_enter_is_mounted_and_unmounted_there()
    {
        MountHome();
        User("echo content >{mnt}/image; mkdir {mnt}/inner");
        Grant grant = new();
        using ServiceListener listener = new(_sandbox.Socket(own: true, "calm"), server =>
        {
            server.Greet();
            grant = server.Ask("source");
            server.Mount();
            FakeFuse.AnswerInit(server.Devices[0]);
            server.SayGoodbye();
            server.ReceiveDone();
            FakeFuse.IgnoreUntilUnmounted(server.Devices[0]);
        });

        User(HelperBinary.Path + " -t calm {mnt}/image {mnt}/inner");
        string mounts = string.Join('\n', _sandbox.Mounts());
        User(HelperBinary.Path + " --unmount {mnt}/inner");
        listener.Finish();
        byte[] content = new byte[16];
        Assert.Equal(Errno.None, Libc.Pread(listener.End!.Granted[0], content, 0, out int length));

        Assert.Contains($" {Home}/inner rw,nosuid,nodev", mounts, StringComparison.Ordinal);
        Assert.Equal((SourceKinds.RegularFile, SourceAccess.ReadWrite), (grant.Kind, grant.Access));
        Assert.Equal("content\n"u8.ToArray(), content[..length]);
        listener.End.Dispose();
        User("umount {mnt}");
        _broker.AssertNothingIsLeft();
    }

    [Fact]
    public void A_journal_beside_an_image_is_opened_by_its_user()
    {
        MountHome();
        User("echo image >{mnt}/image; echo journal >{mnt}/journal; mkdir {mnt}/inner");
        Grant grant = new();
        using ServiceListener listener = new(_sandbox.Socket(own: true, "calm"), server =>
        {
            server.Greet();
            server.Ask("source");
            grant = server.Ask("journal");
            server.Mount();
            FakeFuse.AnswerInit(server.Devices[0]);
            server.SayGoodbye();
            server.ReceiveDone();
            FakeFuse.IgnoreUntilUnmounted(server.Devices[0]);
        });

        User(HelperBinary.Path + " -t calm {mnt}/image {mnt}/inner -o journal_path={mnt}/journal");
        User(HelperBinary.Path + " --unmount {mnt}/inner");
        listener.Finish();
        byte[] content = new byte[16];
        Assert.Equal(Errno.None, Libc.Pread(listener.End!.Granted[1], content, 0, out int length));

        Assert.Equal((SourceKinds.RegularFile, SourceAccess.Read), (grant.Kind, grant.Access));
        Assert.Equal("journal\n"u8.ToArray(), content[..length]);
        listener.End.Dispose();
        Root("echo secret >{dir}/secret; chmod 600 {dir}/secret");
        using HelperRun refused = Try(HelperBinary.Path + " -t calm {mnt}/image {mnt}/inner -o journal_path={dir}/secret");
        Assert.Contains("EACCES", refused.Errors + refused.Output, StringComparison.OrdinalIgnoreCase);
        User("umount {mnt}");
        _broker.AssertNothingIsLeft();
    }

    [Fact]
    public void A_directory_is_served_with_exactly_its_users_rights()
    {
        Root("mkdir -m 700 {dir}/src/roots; echo secret >{dir}/src/roots/f; mkdir -m 770 {dir}/src/groups; chgrp 70001 {dir}/src/groups; echo x >{dir}/src/theirs; chmod 644 {dir}/src/theirs");
        using HelperRun mount = _sandbox.Shell(BrokerStage.Paths(_sandbox,
            "exec setpriv --reuid=1000 --regid=1000 --groups=1000,70001 mount -t fuse.passthrough {dir}/src {mnt}")).Succeeded();
        using HelperRun roots = Try("cat {mnt}/roots/f");
        using HelperRun theirs = Try("echo y >{mnt}/theirs");
        using HelperRun given = Try("chown 0 {mnt}/own");
        User("echo mine >{mnt}/own");
        using HelperRun grouped = _sandbox.Shell(BrokerStage.Paths(_sandbox,
            "exec setpriv --reuid=1000 --regid=1000 --groups=1000,70001 sh -c \"echo ours >{mnt}/groups/f\"")).Succeeded();
        string owners = Root("stat -c %u:%g:%a {dir}/src/own {dir}/src/groups/f").ReplaceLineEndings(" ");
        User("umount {mnt}");

        Assert.Contains("Permission denied", roots.Errors, StringComparison.Ordinal);
        Assert.Contains("Permission denied", theirs.Errors, StringComparison.Ordinal);
        Assert.NotEqual(0, given.ExitCode);
        Assert.Equal("1000:1000:644 1000:1000:644", owners);
        _broker.AssertNothingIsLeft();
    }

    [Fact]
    public void Setuid_programs_and_devices_in_the_tree_are_dead_in_the_mount()
    {
        Root("cp /usr/bin/id {dir}/src/id; chmod 4755 {dir}/src/id; mknod -m 666 {dir}/src/null c 1 3");
        string native = User("{dir}/src/id -u; echo gone >{dir}/src/null");
        User("mount -t fuse.passthrough {dir}/src {mnt}");
        string mounted = User("{mnt}/id -u");
        using HelperRun device = Try("echo gone >{mnt}/null");
        using HelperRun make = Try("cp {mnt}/id {mnt}/own; chmod 4755 {mnt}/own");
        using HelperRun node = Try("mknod {mnt}/node c 1 3");
        using HelperRun capability = Try("setcap cap_net_raw+ep {mnt}/own");
        string modes = Root("stat -c %a {dir}/src/own; getcap {dir}/src/own 2>/dev/null");
        User("umount {mnt}");

        Assert.Equal(("0", "1000"), (native, mounted));
        Assert.Contains("Permission denied", device.Errors, StringComparison.Ordinal);
        Assert.NotEqual(0, make.ExitCode);
        Assert.NotEqual(0, node.ExitCode);
        Assert.NotEqual(0, capability.ExitCode);
        Assert.Equal("755", modes);
        _broker.AssertNothingIsLeft();
    }

    /// <summary>
    /// While such files are open here nothing may be started from here: the child would close them, and wait. So other users and signals
    /// come from threads of this process.
    /// </summary>
    [Fact]
    [Rule("conversations-are-bounded")]
    public void Files_of_a_server_that_stands_still_hold_up_their_users_slots_and_nobody_else()
    {
        // Only a server with locks is told of every close.
        MountHome("locks=shared");
        User("echo content >{mnt}/image");
        Root("mkdir {dir}/m3; chown 1001 {dir}/m3");
        int[] server = HomeServer();
        List<BrokerAnswer> answers = [];
        BrokerAnswer other = default;
        int hanging = 0;
        using BrokerStage stage = new(_sandbox);
        Stopwatch clock = new();
        UserThread.Run(_sandbox, 1000, 1000, [], () =>
        {
            OwnedFd[] fds = [stage.Open("m2", OpenFlags.Directory), stage.Open("mnt/image", OpenFlags.ReadOnly), stage.Open("mnt/image", OpenFlags.ReadWrite)];
            SignalAll(server, SIGSTOP);
            byte[] request = (stage.Mount with { Type = "nobody" }).Encode();
            for (int i = 0; i < 9; i++)
            {
                answers.Add(stage.Ask(request, fds));
            }
        });
        try
        {
            hanging = _broker.Instances;
            clock.Start();
            UserThread.Run(_sandbox, 1001, 1001, [], () =>
            {
                BrokerMount request = new(BrokerMountFlags.None, Errno.None, Errno.None, "nobody", [], BrokerStage.Bytes(_sandbox.In("m3")), []);
                other = stage.Ask(request.Encode(), stage.Open("m3", OpenFlags.Directory));
            });
            clock.Stop();
        }
        finally
        {
            SignalAll(server, SIGCONT);
        }

        stage.Dispose();
        Wait.For("the broker to end", () => _broker.Instances == 0);
        User("umount {mnt}");
        Assert.All(answers.Take(8), static answer => Assert.Contains("no service listens on /run/fuservice/nobody", answer.Text, StringComparison.Ordinal));
        Assert.EndsWith("[conversations-are-bounded]", answers[8].Text, StringComparison.Ordinal);
        Assert.Contains("no service listens on /run/fuservice/nobody", other.Text, StringComparison.Ordinal);
        Assert.True(hanging >= 8, $"{hanging} instances");
        Assert.True(clock.Elapsed < BrokerStage.Patience / 2, clock.Elapsed.ToString());
    }

    private void SignalAll(int[] pids, int signal)
    {
        foreach (int pid in pids)
        {
            // As a user's thread this would be EPERM; the server has ids of its own.
            _root.Run(() => Assert.Equal(0, kill(pid, signal)));
        }

        if (signal == SIGSTOP)
        {
            Wait.For("the server to stand still", () => pids.All(static pid => Directory.GetDirectories($"/proc/{pid}/task").All(IsStopped)));
        }
    }

    private static bool IsStopped(string thread)
    {
        string stat = File.ReadAllText(thread + "/stat");
        return stat[stat.LastIndexOf(')') + 2] == 'T';
    }

    [DllImport("libc")]
    private static extern int kill(int pid, int signal);
}
