using System.Globalization;
using System.Text.RegularExpressions;
using Integration.Tests.Support;

namespace Integration.Tests;

/// <summary>Mounts with a keeper: what the kernel does with files in passthrough, and what it costs nobody.</summary>
[Trait("Needs", "root")]
public sealed partial class KeptMountTests : IClassFixture<PassthroughService>, IDisposable
{
    private const int User = 1234;
    private const string NoCapability = "0000000000000000";
    private static readonly FileRange s_unread = new(5 << 20, 1 << 20);
    private static readonly FileRange s_written = new(2 << 20, 300_000);

    private readonly PassthroughService _service;
    private readonly ActivatedProgram _keepers;
    private readonly ActivatedProgram _brokers;

    public KeptMountTests(PassthroughService service)
    {
        _service = service;
        _keepers = new ActivatedProgram("/run/fuservice/keeper", service.Bin + "/fuservice-keeper");
        _brokers = new ActivatedProgram("/run/fuservice/mountd", service.Bin + "/fuservicemountd");
        Shell.Must("chmod", "0666", "/run/fuservice/mountd");
    }

    public void Dispose()
    {
        // After a failed test only.
        foreach (MountInfo left in MountInfo.All().Where(mount => mount.Type == "fuse.passthrough" && mount.MountPoint.StartsWith(_service.Root, StringComparison.Ordinal)))
        {
            Shell.Run("umount", "-i", "-l", left.MountPoint);
        }

        _brokers.Dispose();
        _keepers.Dispose();
    }

    [Fact]
    public async Task A_stopped_server_of_roots_mount_keeps_nobody_from_data()
    {
        string source = _service.NewSource("stopped-root");
        string content = MakeFile(source + "/file");
        ServerProcess server = _service.MustMount(source, _service.MountPoint, "trace");
        Assert.NotEqual(new FileInfo("/proc/self/ns/user").LinkTarget, server.UserNamespace);

        await WorksWhileStopped(server, source, _service.MountPoint, 0, content);
    }

    [Fact]
    public async Task A_stopped_server_of_a_users_mount_keeps_nobody_from_data()
    {
        string source = _service.NewSource("stopped-user");
        string mountPoint = _service.NewSource("stopped-user-mnt");
        string content = MakeFile(source + "/file");
        Shell.Must("chown", "-R", $"{User}:{User}", source, mountPoint);
        MustMountAsUser(source, mountPoint, "trace");
        ServerProcess server = ServerProcess.Of(mountPoint)!;
        Assert.All(server.FieldOfEveryThread("CapEff"), static value => Assert.Equal(NoCapability, value));

        await WorksWhileStopped(server, source, mountPoint, User, content);
    }

    [Fact]
    public void A_user_who_fills_the_filesystem_stops_at_the_same_byte_as_natively()
    {
        string native = _service.NewMountPoint("full-native");
        string source = _service.NewMountPoint("full-source");
        long stoppedNatively = FillNew(native, static folder => folder);
        long stopped = FillNew(source, folder =>
        {
            _service.MustMount(folder, _service.MountPoint, "trace");
            return _service.MountPoint;
        });

        Assert.InRange(stoppedNatively, 1 << 20, 16 << 20);
        Assert.Equal(stoppedNatively, stopped);
        Assert.DoesNotContain(" WRITE ", TraceOf(_service.MountPoint), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("passthrough=auto")]
    [InlineData("passthrough=always")]
    public void A_program_is_executed_while_others_read_it(string options)
    {
        string source = _service.NewSource("program-" + options.Length);
        File.Copy("/bin/true", source + "/program");
        _service.MustMount(source, _service.MountPoint, options);
        try
        {
            string program = _service.MountPoint + "/program";
            Shell.Script($"chmod 0755 {source}/program; exec 3<{program}; {program}; cmp {program} /bin/true; {program}; cmp - /bin/true <&3");
        }
        finally
        {
            PassthroughService.MustUnmount(_service.MountPoint);
        }
    }

    [Theory]
    [InlineData("ro")]
    [InlineData("ro,passthrough=always")]
    public void A_file_that_was_granted_for_reading_is_read_past_the_server_and_never_written(string options)
    {
        string source = _service.NewSource("read-only-" + options.Length);
        File.WriteAllText(source + "/file", "as it was");
        _service.MustMount(source, _service.MountPoint, options);
        string file = _service.MountPoint + "/file";
        Outcome outcome = Shell.Run("/bin/bash", "-c", $"exec 3<{file}; echo new >{file}; echo new >&3; truncate -s 0 {file}; cat <&3");
        PassthroughService.MustUnmount(_service.MountPoint);

        Assert.Equal("as it was", outcome.Output);
        Assert.Equal("as it was", File.ReadAllText(source + "/file"));
        Wait.For("the server's last word", () => LastWord(_service.MountPoint).Contains("1 opens in passthrough, 0 ordinary", StringComparison.Ordinal));
    }

    [Fact]
    public void More_files_than_the_quota_are_served_by_ordinary_IO_and_ids_are_used_again()
    {
        string source = _service.NewSource("quota");
        Shell.Script($"cd {source}; for i in 1 2 3 4 5; do echo $i >$i; done");
        _service.MustMount(source, _service.MountPoint, "passthrough_files=3");
        Shell.Script($$"""
            cd {{_service.MountPoint}}
            exec 11<1 12<2 13<3 14<4 15<5
            [ "$(cat <&11; cat <&12; cat <&13; cat <&14; cat <&15)" = $'1\n2\n3\n4\n5' ]
            exec 11<&- 12<&- 13<&- 14<&- 15<&-
            for i in {1..100}; do [ "$(cat 1)" = 1 ]; done
            """);
        PassthroughService.MustUnmount(_service.MountPoint);

        // A close is told to the server a moment later, so that a few more may meet the quota.
        Match said = LastPart().Match(TraceOf(_service.MountPoint));
        Assert.InRange(int.Parse(said.Groups["registered"].Value, CultureInfo.InvariantCulture), 53, 103);
        Assert.InRange(int.Parse(said.Groups["quota"].Value, CultureInfo.InvariantCulture), 2, 52);
    }

    [Fact]
    public void A_keeper_ends_with_its_mount_and_a_mount_goes_on_without_its_keeper()
    {
        string source = _service.NewSource("ends");
        _service.MustMount(source, _service.MountPoint);
        string file = _service.MountPoint + "/file";
        File.WriteAllText(file, "before");
        using (FileStream held = new(file, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, 0))
        {
            Wait.For("the keeper", static () => Keepers().Count == 1);
            Shell.Must("kill", "-KILL", $"{Keepers()[0]}");
            Wait.For("the keeper to end", () => Keepers().Count == 0);

            // What is in passthrough stays so, what comes later is served by ordinary I/O: no caller notices.
            RandomAccess.Write(held.SafeFileHandle, "behind"u8, 0);
            File.WriteAllText(_service.MountPoint + "/other", "after");
            Assert.Equal("behind", File.ReadAllText(file));
            Assert.Equal("after", File.ReadAllText(source + "/other"));
        }

        PassthroughService.MustUnmount(_service.MountPoint);
        _service.MustMount(source, _service.MountPoint);

        // No mount waits for its keeper.
        Wait.For("the second keeper", static () => Keepers().Count == 1);
        PassthroughService.MustUnmount(_service.MountPoint);
        Wait.For("the second keeper to end", () => Keepers().Count == 0);
    }

    /// <summary>Everything that the server would have to answer is done before it is stopped.</summary>
    private async Task WorksWhileStopped(ServerProcess server, string source, string mountPoint, int uid, string content)
    {
        CancellationToken cancelled = TestContext.Current.CancellationToken;
        using (FileHolder holder = new(mountPoint + "/file", uid, s_unread, s_written))
        {
            Shell.Script($"sync -f {source}; echo 3 >/proc/sys/vm/drop_caches; kill -STOP {server.Pid}");
            try
            {
                Wait.For("the server to stop", () => server.State == "T");
                File.WriteAllText("/proc/sys/vm/drop_caches", "1");
                Assert.Equal(Sum(content, s_unread), await holder.Go(cancelled));
                Assert.Equal("T", server.State);
            }
            finally
            {
                Shell.Must("kill", "-CONT", $"{server.Pid}");
            }
        }

        PassthroughService.MustUnmount(mountPoint);
        string expected = string.Concat(
            content.AsSpan(0, s_written.Start), new string('w', s_written.Length), content.AsSpan(s_written.Start + s_written.Length));
        Assert.True(expected == File.ReadAllText(source + "/file"), "the file is not what it was with the written range in it");
        Wait.For("the server's last word", () => LastWord(mountPoint).Contains("1 opens in passthrough, 0 ordinary", StringComparison.Ordinal));
        string trace = TraceOf(mountPoint);
        Assert.Contains(" OPEN ", trace, StringComparison.Ordinal);
        Assert.DoesNotContain(" READ ", trace, StringComparison.Ordinal);
        Assert.DoesNotContain(" WRITE ", trace, StringComparison.Ordinal);
    }

    private void MustMountAsUser(string source, string mountPoint, string options)
    {
        string helper = _service.Root + "/fuservicemount";
        File.Copy(_service.Bin + "/fuservicemount", helper, overwrite: true);
        Outcome outcome = Shell.Run(
            "setpriv", $"--reuid={User}", $"--regid={User}", "--clear-groups", helper, "-t", "passthrough", source, mountPoint, "-o", options);
        Assert.True(outcome.ExitCode == 0, outcome.Error + _service.Log + _brokers.Log);
    }

    /// <summary>A new filesystem on <paramref name="folder"/>, filled by a user where <paramref name="mount"/> shows it. How much went into it.</summary>
    private static long FillNew(string folder, Func<string, string> mount)
    {
        Shell.Script($"truncate -s 16M {folder}.img; mkfs.ext4 -q -F -m 10 {folder}.img; mount -o loop {folder}.img {folder}; chmod 0777 {folder}");
        string shown = mount(folder);
        try
        {
            Outcome filled = Shell.Run("setpriv", $"--reuid={User}", $"--regid={User}", "--clear-groups", "dd", "if=/dev/zero", $"of={shown}/file", "bs=1000");
            Assert.Contains("No space left on device", filled.Error, StringComparison.Ordinal);
            return new FileInfo(folder + "/file").Length;
        }
        finally
        {
            if (shown != folder)
            {
                PassthroughService.MustUnmount(shown);
            }

            Shell.Must("umount", folder);
        }
    }

    private static string MakeFile(string path)
    {
        Random random = new(7);
        string content = string.Create(8 << 20, random, static (text, random) =>
        {
            foreach (ref char letter in text)
            {
                letter = (char)random.Next('0', 'v');
            }
        });
        File.WriteAllText(path, content);
        return content;
    }

    private static string Sum(string content, FileRange range) => string.Create(
        CultureInfo.InvariantCulture, $"{content.AsSpan(range.Start, range.Length).ToArray().Sum(static letter => (long)letter) & uint.MaxValue}");

    private static List<int> Keepers() => [.. ServerProcess.All("fuservice-keeper").Select(static keeper => keeper.Pid)];

    [GeneratedRegex("; (?<registered>[0-9]+) files registered, 0 refused as stacked, (?<quota>[0-9]+) by quota")]
    private static partial Regex LastPart();

    // Servers log in turn, and the mount's own last line names it.
    private string TraceOf(string mountPoint)
    {
        Wait.For("the end of the log", () => _service.Log.Contains($"on {mountPoint}: the filesystem was unmounted", StringComparison.Ordinal));
        string log = _service.Log;
        int end = log.LastIndexOf($"on {mountPoint}: the filesystem was unmounted", StringComparison.Ordinal);
        int begin = log.LastIndexOf("Spawned", end, StringComparison.Ordinal);
        return log[begin..end];
    }

    private string LastWord(string mountPoint) => _service.Log.Contains($"on {mountPoint}: the filesystem was unmounted", StringComparison.Ordinal)
        ? TraceOf(mountPoint)
        : "";
}
