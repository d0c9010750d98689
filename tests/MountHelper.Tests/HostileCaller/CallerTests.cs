namespace MountHelper.Tests;

/// <summary>Callers with odd words, rights and surroundings. Whatever is refused before the server is asked never reaches it.</summary>
[Trait("Needs", "root")]
public sealed class CallerTests : IDisposable
{
    private readonly MountSandbox _sandbox = new();

    public void Dispose() => _sandbox.Dispose();

    private HelperRun Refused(int exitCode, params string[] arguments)
    {
        using ServiceListener listener = new(_sandbox.Socket(own: true, "calm"), static server => server.Greet());
        HelperRun run = _sandbox.Start(arguments).Wait();
        Assert.Equal(exitCode, run.ExitCode);
        Assert.Single(run.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(0, listener.Connections);
        Aftermath.AssertNothingIsLeft(_sandbox, run);
        return run;
    }

    private HelperRun RefusedOptions(string options) => Refused(ExitCode.Usage, "-t", "calm", _sandbox.Source, _sandbox.Mountpoint, "-o", options);

    [Theory]
    [Rule("options-are-understood")]
    [InlineData("mount_timeout=soon", "\"mount_timeout=soon\" is no number of seconds; write mount_timeout=1 to mount_timeout=3600")]
    [InlineData("mount_timeout=0", "\"mount_timeout=0\" is no number of seconds; write mount_timeout=1 to mount_timeout=3600")]
    [InlineData("idmap=5", "\"idmap=5\" is no range of ids; write idmap=off or idmap=LO-HI with 65536 <= LO <= HI (ids below are always mapped)")]
    [InlineData("idmap=off,idmap=70000-70001", "idmap=off and idmap=LO-HI exclude each other")]
    [InlineData("allow_other=yes", "the option \"allow_other=yes\" takes no value")]
    [InlineData("fsname=", "the option \"fsname=\" needs a value")]
    [InlineData("allow_root", "the option \"allow_root\" is not supported; use allow_other")]
    [InlineData("protocol=v2", "\"protocol=v2\" names no protocol; write protocol=auto, protocol=own or protocol=v1")]
    public void An_option_that_means_nothing_is_refused_by_name(string options, string problem)
    {
        using HelperRun run = RefusedOptions(options);

        Assert.Equal($"fuservicemount: {problem} [options-are-understood]\n", run.Errors);
    }

    [Theory]
    [Rule("options-are-bounded")]
    [InlineData("a,\"b", "the options contain a double quote that is never closed")]
    [InlineData("a,b\u0007c", "the option \"b\\u{7}c\" contains a control character")]
    public void Options_have_a_form(string options, string problem)
    {
        using HelperRun run = RefusedOptions(options);

        Assert.Equal($"fuservicemount: {problem} [options-are-bounded]\n", run.Errors);
    }

    [Fact]
    [Rule("options-are-bounded")]
    public void Options_have_a_number_and_a_length()
    {
        using HelperRun many = RefusedOptions(string.Join(',', Enumerable.Repeat("a", 300)));
        using HelperRun two = RefusedOptions(new string('a', 5000));
        using HelperRun three = RefusedOptions(string.Join(',', Enumerable.Repeat(new string('a', 4000), 5)));

        Assert.Equal("fuservicemount: there are more than 256 options [options-are-bounded]\n", many.Errors);
        Assert.Equal("fuservicemount: an option is longer than 4096 bytes [options-are-bounded]\n", two.Errors);
        Assert.Equal("fuservicemount: the options are longer than 16384 bytes [options-are-bounded]\n", three.Errors);
    }

    [Theory]
    [Rule("options-make-one-mount")]
    [InlineData("bind")]
    [InlineData("rbind")]
    [InlineData("move")]
    [InlineData("shared")]
    public void No_other_kind_of_mount_is_made(string option)
    {
        using HelperRun run = RefusedOptions(option);

        Assert.StartsWith($"fuservicemount: the option \"{option}\" changes mounts that exist", run.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [Rule("caller-gives-no-kernel-state")]
    [InlineData("fd=3")]
    [InlineData("user_id=1000")]
    [InlineData("rootmode=40000")]
    public void State_of_the_kernel_cannot_be_given(string option)
    {
        using HelperRun run = RefusedOptions(option);

        Assert.Equal($"fuservicemount: the option \"{option}\" is the kernel's own and cannot be given [caller-gives-no-kernel-state]\n", run.Errors);
    }

    [Theory]
    [Rule("type-is-one-component")]
    [InlineData("../own/calm")]
    [InlineData("..")]
    [InlineData(".hidden")]
    [InlineData("a/b")]
    [InlineData("")]
    [InlineData("fuse.")]
    [InlineData("calm\u001b[2J")]
    public void A_type_is_no_path(string type)
    {
        using HelperRun run = Refused(ExitCode.Usage, "-t", type, _sandbox.Source, _sandbox.Mountpoint);

        Assert.EndsWith("[type-is-one-component]\n", run.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-t", "calm")]
    [InlineData("-t", "calm", "a", "b", "c")]
    [InlineData("a", "b")]
    [InlineData("-t")]
    [InlineData("-Z", "-t", "calm", "a", "b")]
    [InlineData("--check", "--unmount", "x")]
    [InlineData("--wait")]
    [InlineData("--nonsense")]
    public void Words_that_make_no_command_are_refused(params string[] arguments)
    {
        using HelperRun run = Refused(ExitCode.Usage, arguments);

        Assert.EndsWith("; see fuservicemount --help\n", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_mountpoint_is_named()
    {
        using HelperRun run = Refused(ExitCode.Failure, "-t", "calm", _sandbox.Source, "/nowhere");

        Assert.Equal("fuservicemount: the mountpoint /nowhere: No such file or directory (ENOENT); make the directory first\n", run.Errors);
    }

    [Fact]
    public void Without_a_service_both_addresses_are_named()
    {
        using HelperRun run = _sandbox.Start("-t", "nobody", _sandbox.Source, _sandbox.Mountpoint).Wait();

        Assert.StartsWith(
            $"fuservicemount: {_sandbox.Source} on {_sandbox.Mountpoint}: no service listens on /run/fuservice/nobody or /run/filesystems/nobody; "
            + "start it with: systemctl start fuservice-nobody.socket", run.Errors, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Failure, run.ExitCode);
    }

    [Fact]
    [Rule("caller-is-root")]
    public void An_ordinary_user_is_told_about_the_broker()
    {
        using HelperRun run = _sandbox.Shell(
            $"chmod 755 /run/fuservice; exec setpriv --reuid=1000 --regid=1000 --clear-groups {HelperBinary.Path} -t calm none /tmp").Wait();

        Assert.Equal(
            "fuservicemount: only root can mount without the broker, and none listens on /run/fuservice/mountd; "
            + "ask the administrator to enable fuservicemountd.socket [caller-is-root]\n",
            run.Errors);
        Assert.Equal(ExitCode.Usage, run.ExitCode);
    }

    [Theory]
    [Rule("service-socket-is-roots")]
    [InlineData(true)]
    [InlineData(false)]
    public void A_socket_of_another_user_is_refused_before_a_word_is_said(bool own)
    {
        using ForeignListener listener = new(_sandbox.Socket(own, "calm"), 1000);
        using HelperRun run = _sandbox.Start("-t", "calm", _sandbox.Source, _sandbox.Mountpoint, "-o", "mount_timeout=2").Wait();

        Assert.Contains("belongs to uid 1000, not to root; remove it and start the service as root or by systemd [service-socket-is-roots]", run.Errors, StringComparison.Ordinal);
        Assert.Equal(0, listener.BytesHeard());
        Aftermath.AssertNothingIsLeft(_sandbox, run);
    }

    [Fact]
    [Rule("fuse-device-is-real")]
    public void A_device_that_is_not_FUSE_is_refused()
    {
        _sandbox.Shell("mount --bind /dev/null /dev/fuse").Succeeded().Dispose();
        int mounts = _sandbox.NewMounts().Count;
        using ServiceListener listener = new(_sandbox.Socket(own: true, "calm"), static server =>
        {
            server.Greet();
            server.AskForMount();
            server.WaitForHangUp();
        });
        using HelperRun run = _sandbox.Start("-t", "calm", _sandbox.Source, _sandbox.Mountpoint).Wait();
        listener.Finish();

        Assert.Contains("/dev/fuse is not the FUSE device", run.Errors, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Failure, run.ExitCode);
        Assert.Equal(mounts, _sandbox.NewMounts().Count);
    }

    [Theory]
    [Rule("policy-is-roots")]
    [InlineData("[calm]\nallow=role journal /dev/null\n", "chmod 666")]
    [InlineData("[calm]\nallow=role journal /dev/null\n", "chown 1000")]
    [InlineData("permit everything\n", "true")]
    [InlineData("[calm]\nallow=role source /etc/shadow\n", "true")]
    [InlineData("[other]\nrequire=some\n", "true")]
    [InlineData("[*]\nallow=path /a\n", "true")]
    public void A_policy_that_is_not_roots_or_not_understood_ends_the_mount(string text, string command)
    {
        Directory.CreateDirectory(_sandbox.In("etc"));
        File.WriteAllText(_sandbox.In("etc/fuservice.conf"), text);
        _sandbox.Shell($"{command} {_sandbox.In("etc/fuservice.conf")}; mount --bind {_sandbox.In("etc")} /etc").Succeeded().Dispose();
        using ServiceListener listener = new(_sandbox.Socket(own: true, "calm"), static _ => { });
        using HelperRun run = _sandbox.Start("-t", "calm", _sandbox.Source, _sandbox.Mountpoint).Wait();

        Assert.Equal(ExitCode.Failure, run.ExitCode);
        Assert.EndsWith("[policy-is-roots]\n", run.Errors, StringComparison.Ordinal);
        Assert.Equal(0, listener.Connections);
    }

    [Fact]
    public void A_policy_gives_what_it_names_and_not_more()
    {
        Directory.CreateDirectory(_sandbox.In("etc"));
        File.WriteAllText(_sandbox.In("etc/fuservice.conf"), $"# journals\n[calm]\nallow=role journal {_sandbox.In("other")}\n[other]\nallow=path /etc/shadow rw\n");
        _sandbox.Shell($"mount --bind {_sandbox.In("etc")} /etc").Succeeded().Dispose();
        using ServiceListener listener = new(_sandbox.Socket(own: true, "calm"), static server =>
        {
            server.Greet();
            Assert.Equal(ServiceHost.MountProtocol.SourceAccess.Read, server.Ask("journal").Access);
            Assert.Equal(ServiceHost.Linux.Errno.ENOENT, server.Ask("path").Error);
            server.SayGoodbye(1, "seen enough");
        });
        using HelperRun run = _sandbox.Start("-t", "calm", _sandbox.Source, _sandbox.Mountpoint).Wait();
        listener.Finish();
        Assert.Single(listener.End!.Granted);
    }
}
