using ServiceHost.Linux;

namespace MountHelper.Tests;

/// <summary>
/// Without fsopen(2) the mount is made by mount(2): it can be seen while the server answers INIT, which nobody can help there, and everything else
/// is as it is elsewhere.
/// </summary>
[Trait("Needs", "root")]
public sealed class OldKernelTests : IDisposable
{
    private readonly MountSandbox _sandbox = new();

    public void Dispose() => _sandbox.Dispose();

    private HelperRun Mount(bool own, string options, Action<ServerEnd> script)
    {
        using ServiceListener listener = new(_sandbox.Socket(own, "old"), script);
        HelperRun? run = null;
        OldKernel.Run(() => run = _sandbox.Start("-t", "old", _sandbox.Source, _sandbox.Mountpoint, "-o", options).Wait());
        listener.Finish();
        return run!;
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_server_is_mounted_with_the_flags_and_the_names_of_the_caller(bool own)
    {
        IReadOnlyList<string> early = [];
        using HelperRun run = Mount(own, "ro,noexec,noatime", server =>
        {
            if (own)
            {
                server.MountProperly();
                early = _sandbox.NewMounts();
                server.SayGoodbye();
                Assert.Equal(Errno.None, server.ReceiveDone().Error);
            }
            else
            {
                server.MountV1(_sandbox.Mountpoint);
                early = _sandbox.NewMounts();
                server.Bye();
            }
        });
        Assert.True(run.ExitCode == 0, run.Errors);

        // This shows that it really was mount(2).
        Assert.Single(early);
        string line = Assert.Single(_sandbox.NewMounts());
        Assert.Contains($"{_sandbox.Mountpoint} ro,nosuid,nodev,noexec,noatime ", line, StringComparison.Ordinal);
        Assert.Contains($"fuse.old {_sandbox.Source} ro,user_id=0,group_id=0,default_permissions,allow_other", line, StringComparison.Ordinal);
        Assert.Single(_sandbox.RegistryEntries());

        using HelperRun unmount = _sandbox.Start("--unmount", _sandbox.Mountpoint).Succeeded();
        Assert.Empty(_sandbox.NewMounts());
        Assert.Empty(_sandbox.RegistryEntries());
    }

    [Fact]
    public void A_server_that_gives_up_after_its_mount_leaves_nothing()
    {
        using HelperRun run = Mount(own: true, "rw", static server =>
        {
            server.Greet();
            server.Mount();
            server.SayGoodbye(1, "no more");
        });
        Assert.Equal(32, run.ExitCode);
        Aftermath.AssertNothingIsLeft(_sandbox, run);
    }

    [Fact]
    public void A_server_that_never_answers_INIT_leaves_nothing()
    {
        using HelperRun run = Mount(own: true, "mount_timeout=3", static server =>
        {
            server.Greet();
            server.Mount();
            server.WaitForHangUp();
        });
        Assert.Equal(32, run.ExitCode);
        Aftermath.AssertNothingIsLeft(_sandbox, run);
    }
}
