using System.Globalization;

namespace MountHelper.Tests;

/// <summary>Environment, standard streams and limits: the caller's, and not to be trusted or relied on.</summary>
[Trait("Needs", "root")]
public sealed class SurroundingsTests : IDisposable
{
    private readonly MountSandbox _sandbox = new();
    private HelperRun? _run;

    public void Dispose()
    {
        _run?.Dispose();
        _sandbox.Dispose();
    }

    private string Command => $"exec {HelperBinary.Path} -t odd {_sandbox.Source} {_sandbox.Mountpoint}";

    /// <summary>Runs a shell line that executes the helper, and looks at the process while it waits for its server.</summary>
    private HelperRun RunAnd(string line, Action<string> look, bool mounts = true)
    {
        using ServiceListener listener = new(_sandbox.Socket(own: true, "odd"), server =>
        {
            server.Greet();
            Wait.For("the run to be noted", () => Volatile.Read(ref _run) is not null);
            look(string.Create(CultureInfo.InvariantCulture, $"/proc/{_run!.Pid}"));
            if (mounts)
            {
                server.Mount();
                FakeFuse.AnswerInit(server.Devices[0]);
                server.SayGoodbye();
                server.ReceiveDone();
            }
        });
        _run = _sandbox.Shell(line);
        _run.Wait();
        listener.Finish();
        return _run;
    }

    private static string[] StreamsOf(string proc) =>
        [.. from number in Enumerable.Range(0, 3) select new FileInfo($"{proc}/fd/{number}").LinkTarget];

    [Theory]
    [Rule("environment-is-empty")]
    [InlineData("DOTNET_gcServer=1")]
    [InlineData("DOTNET_DbgEnableMiniDump=1 DOTNET_DbgMiniDumpName=/tmp/dump")]
    [InlineData("LD_PRELOAD=/nowhere.so LD_LIBRARY_PATH=/tmp")]
    [InlineData("LIBMOUNT_FORCE_MOUNT2=always PATH= HOME= LANG=xx TZ=/etc/shadow")]
    [InlineData("MALLOC_CHECK_=3 GLIBC_TUNABLES=glibc.malloc.check=3")]
    [InlineData("LANG=C SOMETHING_THAT_NOBODY_KNOWS=1")]
    public void The_environment_is_empty_when_the_work_begins(string environment)
    {
        string? seen = null;
        HelperRun run = RunAnd($"export {environment}; {Command}", proc => seen = File.ReadAllText($"{proc}/environ"));

        Assert.Equal("", seen);
        Assert.True(run.ExitCode == 0, run.Errors);
        Assert.Single(_sandbox.NewMounts());
    }

    /// <summary>Without a second start, which an ordinary caller need not wait for, it is still in no thread that a signal is received.</summary>
    [Theory]
    [InlineData("export LANG=C.UTF-8 HOME=/root INVOCATION_ID=x")]
    [InlineData("export DOTNET_gcServer=0")]
    public void Every_thread_has_the_signals_blocked_when_the_work_begins(string line)
    {
        // HUP, INT, QUIT, USR1, USR2, PIPE, ALRM, TERM.
        const ulong some = 0b0111_1010_0000_0111;
        string[] masks = [];
        HelperRun run = RunAnd($"{line}; {Command}", proc => masks =
            [.. Directory.GetDirectories($"{proc}/task").Select(thread => File.ReadLines(thread + "/status").Single(IsMask).Split('\t')[1])]);

        Assert.True(run.ExitCode == 0, run.Errors);
        Assert.NotEmpty(masks);
        Assert.All(masks, static mask => Assert.Equal(some, ulong.Parse(mask, NumberStyles.HexNumber, CultureInfo.InvariantCulture) & some));
        static bool IsMask(string field) => field.StartsWith("SigBlk:", StringComparison.Ordinal);
    }

    [Theory]
    [Rule("standard-streams-are-open")]
    [InlineData("0<&-")]
    [InlineData("1>&-")]
    [InlineData("2>&-")]
    [InlineData("0<&- 1>&- 2>&-")]
    public void Closed_streams_are_open_on_nothing(string closing)
    {
        string[] targets = [];
        HelperRun run = RunAnd($"{Command} {closing}", proc => targets = StreamsOf(proc));

        Assert.True(run.ExitCode == 0, run.Errors);
        for (int number = 0; number < 3; number++)
        {
            if (closing.Contains(number.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal))
            {
                Assert.Equal("/dev/null", targets[number]);
            }
        }
    }

    [Fact]
    [Rule("standard-streams-are-open")]
    public void A_failure_with_closed_streams_writes_into_nothing_of_ours()
    {
        string[] targets = [];
        HelperRun run = RunAnd($"{Command} 0<&- 1>&- 2>&-", proc => targets = StreamsOf(proc), mounts: false);

        Assert.Equal(["/dev/null", "/dev/null", "/dev/null"], targets);
        Assert.Equal(ExitCode.Failure, run.ExitCode);
        Assert.Equal("", run.Errors);
        Aftermath.AssertNothingIsLeft(_sandbox, run);
    }

    [Theory]
    [InlineData("ulimit -n 3")]
    [InlineData("ulimit -n 4")]
    [InlineData("ulimit -n 5")]
    [InlineData("ulimit -n 6")]
    [InlineData("ulimit -n 8")]
    [InlineData("ulimit -n 10")]
    [InlineData("ulimit -n 12")]
    [InlineData("ulimit -p 1")]
    [InlineData("ulimit -f 0")]
    [InlineData("ulimit -s 64")]
    [InlineData("ulimit -v 60000")]
    [InlineData("ulimit -c 0")]
    [InlineData("ulimit -t 1")]
    [InlineData("export DOTNET_GCHeapHardLimit=1")]
    [InlineData("export DOTNET_GCgen0size=zzzz DOTNET_GCHeapAffinitizeMask=0")]
    public void Any_limit_ends_in_a_mount_or_in_nothing(string limit)
    {
        using ServiceListener listener = new(_sandbox.Socket(own: true, "odd"), static server =>
        {
            server.Greet();
            server.Say(new ServiceHost.MountProtocol.RoleRequest(
                ServiceHost.MountProtocol.SourceKinds.All, ServiceHost.MountProtocol.SourceAccess.Read,
                ServiceHost.MountProtocol.RoleFlags.None, "source").Encode());
            server.Receive(server.Granted);
            server.AskForMount(devices: 8);
            server.Receive(server.Devices);
            if (server.Devices.Count > 0)
            {
                FakeFuse.AnswerInit(server.Devices[0]);
                server.SayGoodbye();
                server.ReceiveDone();
            }
        });
        _run = _sandbox.Shell($"{limit} || exit 99; {Command} -o mount_timeout=20");
        _run.Wait();

        Assert.NotEqual(99, _run.ExitCode);
        Assert.NotEqual(2, _run.ExitCode);
        Assert.Equal(_run.ExitCode == 0 ? 1 : 0, _sandbox.NewMounts().Count);
        if (_run.ExitCode != 0)
        {
            Aftermath.AssertNothingIsLeft(_sandbox, _run);
        }
    }

    [Fact]
    public void A_stderr_that_nobody_reads_any_more_changes_nothing()
    {
        using HelperRun run = _sandbox.Shell(
            $"({HelperBinary.Path} -t nobody {_sandbox.Source} {_sandbox.Mountpoint}; echo $? >&3) 2>&1 3>{_sandbox.In("code")} | true").Wait();

        Assert.Equal("32\n", File.ReadAllText(_sandbox.In("code")));
    }
}
