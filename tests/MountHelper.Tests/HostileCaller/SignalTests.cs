using System.Globalization;

namespace MountHelper.Tests;

/// <summary>Signals at each step: the helper rolls back and says so, or the kernel rolls back for it.</summary>
[Trait("Needs", "root")]
public sealed class SignalTests : IDisposable
{
    private const int SIGHUP = 1;
    private const int SIGKILL = 9;
    private readonly MountSandbox _sandbox = new();
    private HelperRun? _run;

    public void Dispose() => _sandbox.Dispose();

    public static TheoryData<string, int> StepsAndSignals()
    {
        TheoryData<string, int> data = [];
        foreach (string step in new[] { "hello", "request", "directory", "goodbye", "init", "v1 hello", "v1 request", "v1 goodbye" })
        {
            foreach (int signal in new[] { SIGHUP, 2, 3, 15, 14, 10 })
            {
                data.Add(step, signal);
            }
        }

        return data;
    }

    [Theory]
    [Rule("signals-roll-back")]
    [MemberData(nameof(StepsAndSignals))]
    public void A_signal_that_asks_to_end_leaves_nothing(string step, int signal)
    {
        using HelperRun run = Interrupt(step, run => run.Signal(signal));

        Assert.Equal(ExitCode.Interrupted, run.ExitCode);
        Assert.EndsWith(": interrupted by a signal [signals-roll-back]\n", run.Errors, StringComparison.Ordinal);
        Aftermath.AssertNothingIsLeft(_sandbox, run);
    }

    /// <summary>After the second start, which callers with an odd environment have.</summary>
    [Theory]
    [InlineData(SIGHUP)]
    [InlineData(15)]
    public void The_same_holds_for_whoever_has_the_program_start_twice(int signal)
    {
        using ServiceListener listener = new(_sandbox.Socket(own: true, "slow"), server =>
        {
            server.MountProperly();
            WaitUntilAsleep(Running());
            Running().Signal(signal);
            server.WaitForHangUp();
        });
        using HelperRun run = _run = _sandbox.Shell($"export DOTNET_gcServer=0; exec {HelperBinary.Path} -t slow {_sandbox.Source} {_sandbox.Mountpoint}");
        run.Wait();
        listener.Finish();

        Assert.Equal(ExitCode.Interrupted, run.ExitCode);
        Aftermath.AssertNothingIsLeft(_sandbox, run);
    }

    [Theory]
    [InlineData("hello")]
    [InlineData("directory")]
    public void A_kill_leaves_at_most_an_entry_that_the_next_one_removes(string step) => Kill(step);

    [Theory]
    [Rule("attach-is-last")]
    [InlineData("goodbye")]
    [InlineData("init")]
    [InlineData("v1 goodbye")]
    public void A_kill_after_the_mount_leaves_no_mount(string step) => Kill(step);

    private void Kill(string step)
    {
        using HelperRun run = Interrupt(step, run => run.Signal(SIGKILL));

        Assert.Equal(128 + SIGKILL, run.ExitCode);
        Assert.Empty(_sandbox.NewMounts());
        Aftermath.AssertNoProcess(run.Pid);
        using HelperRun next = Interrupt(step, run => run.Signal(15));
        Aftermath.AssertNothingIsLeft(_sandbox, next);
    }

    [Theory]
    [InlineData(13)]
    [InlineData(20)]
    [InlineData(21)]
    [InlineData(22)]
    [InlineData(25)]
    public void A_signal_that_is_no_request_to_end_changes_nothing(int signal)
    {
        using ServiceListener listener = new(_sandbox.Socket(own: true, "slow"), server =>
        {
            server.MountProperly();
            Running().Signal(signal);
            server.SayGoodbye();
            server.ReceiveDone();
        });
        using HelperRun run = Start();
        run.Succeeded();
        listener.Finish();
        Assert.Single(_sandbox.NewMounts());
    }

    [Fact]
    public void Under_nohup_a_hangup_is_ignored()
    {
        using ServiceListener listener = new(_sandbox.Socket(own: true, "slow"), server =>
        {
            server.MountProperly();
            Running().Signal(SIGHUP);
            server.SayGoodbye();
            server.ReceiveDone();
        });
        _run = _sandbox.Shell($"trap '' HUP; exec {HelperBinary.Path} -t slow {_sandbox.Source} {_sandbox.Mountpoint}");
        using HelperRun run = _run.Succeeded();
        listener.Finish();
        Assert.Single(_sandbox.NewMounts());
    }

    [Fact]
    [Rule("signals-roll-back")]
    public void A_full_backlog_can_be_interrupted()
    {
        using FullBacklog backlog = new(_sandbox.Socket(own: true, "slow"));
        using HelperRun run = Start();
        WaitUntilAsleep(run);
        run.Signal(15);
        run.Wait();

        Assert.Equal(ExitCode.Interrupted, run.ExitCode);
        Aftermath.AssertNothingIsLeft(_sandbox, run);
    }

    private HelperRun Start() => Start(_sandbox.Source);

    private HelperRun Start(string source) => _run = _sandbox.Start("-t", "slow", source, _sandbox.Mountpoint, "-o", "mount_timeout=30");

    /// <summary>Brings the helper to a step, lets something happen there and waits for its end.</summary>
    private HelperRun Interrupt(string step, Action<HelperRun> happens)
    {
        bool own = !step.StartsWith("v1", StringComparison.Ordinal);
        using ManualResetEventSlim started = new();
        File.Delete(_sandbox.Socket(own, "slow"));
        using ServiceListener listener = new(_sandbox.Socket(own, "slow"), server =>
        {
            Reach(step, server);
            started.Wait(Wait.Patience);
            WaitUntilAsleep(Running());
            happens(Running());
            server.WaitForHangUp();
        });
        HelperRun run = Start(step == "directory" ? _sandbox.In("src") : _sandbox.Source);
        started.Set();
        run.Wait();
        listener.Finish();
        return run;
    }

    private void Reach(string step, ServerEnd server)
    {
        switch (step)
        {
            case "request":
                server.Greet();
                server.Ask("source");
                break;
            case "directory":
                server.Greet();
                server.Ask("source");
                break;
            case "goodbye":
                server.Greet();
                server.Mount();
                break;
            case "init":
                server.MountProperly();
                break;
            case "v1 request":
                server.GreetV1();
                break;
            case "v1 goodbye":
                server.MountV1(_sandbox.Mountpoint);
                break;
            default:
                server.Receive();
                break;
        }
    }

    /// <summary>The helper can be quicker at its server than the test is at noting its number.</summary>
    private HelperRun Running()
    {
        Wait.For("the run to be noted", () => Volatile.Read(ref _run) is not null);
        return _run!;
    }

    private static void WaitUntilAsleep(HelperRun run)
    {
        string call = string.Create(CultureInfo.InvariantCulture, $"/proc/{run.Pid}/syscall");

        // poll(2) is 7 on x86-64, connect(2) 42: the helper waits for its server.
        Wait.For("the helper to wait", () => File.ReadAllText(call).Split(' ')[0] is "7" or "42");
    }
}
