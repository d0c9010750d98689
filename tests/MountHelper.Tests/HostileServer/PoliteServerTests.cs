using ServiceHost.Linux;
using ServiceHost.MountProtocol;

namespace MountHelper.Tests;

/// <summary>Servers that get their mount, and what they cannot have even so.</summary>
[Trait("Needs", "root")]
public sealed class PoliteServerTests : IDisposable
{
    private readonly MountSandbox _sandbox = new();

    public void Dispose() => _sandbox.Dispose();

    private string Mount(bool own, string options, Action<ServerEnd> script, string? source = null)
    {
        using ServiceListener listener = new(_sandbox.Socket(own, "polite"), script);
        using HelperRun run = _sandbox.Start("-t", "polite", source ?? _sandbox.Source, _sandbox.Mountpoint, "-o", options).Wait();
        listener.Finish();
        Assert.True(run.ExitCode == 0, run.Errors);
        return Assert.Single(_sandbox.NewMounts());
    }

    private static void Complete(ServerEnd server)
    {
        server.SayGoodbye();
        Assert.Equal(Errno.None, server.ReceiveDone().Error);
    }

    [Fact]
    [Rule("attach-is-last")]
    public void A_mount_is_seen_only_after_the_goodbye()
    {
        IReadOnlyList<string>? before = null;
        string line = Mount(own: true, "rw", server =>
        {
            server.MountProperly();
            before = _sandbox.NewMounts();
            Complete(server);
        });

        Assert.Empty(before!);
        Assert.Contains($"{_sandbox.Mountpoint} rw,nosuid,nodev,relatime", line, StringComparison.Ordinal);
        Assert.Contains($"fuse.polite {_sandbox.Source} rw,user_id=0,group_id=0,default_permissions,allow_other", line, StringComparison.Ordinal);
        Assert.Single(_sandbox.RegistryEntries());
        Assert.Contains("uhelper=fuse.polite", File.ReadAllText(_sandbox.In("mtab/utab")), StringComparison.Ordinal);
    }

    [Fact]
    [Rule("attach-is-last")]
    public void A_mount_of_v1_is_seen_only_after_the_goodbye()
    {
        IReadOnlyList<string>? before = null;
        Mount(own: false, "rw", server =>
        {
            server.MountV1(_sandbox.Mountpoint);
            before = _sandbox.NewMounts();
            server.Bye();
        });

        Assert.Empty(before!);
    }

    [Fact]
    [Rule("v1-flags-only-restrict")]
    public void A_v1_server_that_asks_for_no_restriction_gets_the_callers()
    {
        string line = Mount(own: false, "ro,noexec", server =>
        {
            server.MountV1(_sandbox.Mountpoint, flags: 0);
            server.Bye();
        });

        Assert.Contains($"{_sandbox.Mountpoint} ro,nosuid,nodev,noexec,relatime", line, StringComparison.Ordinal);
    }

    [Fact]
    [Rule("roles-are-assigned")]
    public void The_journal_is_what_its_word_names_and_is_only_read()
    {
        Grant granted = new(), refused = new();
        File.WriteAllText(_sandbox.In("journal"), "log");
        string content = string.Empty;
        Mount(own: true, $"rw,journal_path={_sandbox.In("journal")}", server =>
        {
            server.Greet();
            granted = server.Ask("journal");
            byte[] bytes = new byte[8];
            Assert.Equal(Errno.None, Libc.Pread(server.Granted[0], bytes, 0, out int length));
            content = System.Text.Encoding.ASCII.GetString(bytes, 0, length);
            refused = server.Ask("other");
            server.Mount();
            FakeFuse.AnswerInit(server.Devices[0]);
            Complete(server);
        });

        Assert.Equal((SourceKinds.RegularFile, SourceAccess.Read, "log"), (granted.Kind, granted.Access, content));
        Assert.Equal(Errno.ENOENT, refused.Error);
    }

    [Fact]
    public void A_v1_server_can_restrict_its_mount_further()
    {
        string line = Mount(own: false, "rw,suid,dev", server =>
        {
            server.MountV1(_sandbox.Mountpoint, flags: 1 | 2 | 8);
            server.Bye();
        });

        Assert.Contains($"{_sandbox.Mountpoint} ro,nosuid,noexec,relatime", line, StringComparison.Ordinal);
    }

    [Fact]
    public void A_v1_server_does_not_choose_the_source_that_is_shown()
    {
        string line = Mount(own: false, "rw", server =>
        {
            server.GreetV1();
            server.Choose();
            server.Tell("NAME", "/dev/sda1");
            server.Say(ServerEnd.Mountpoint(_sandbox.Mountpoint));
            server.ReceiveReply();
            Assert.Equal(Errno.None, server.Tell("OPTS", "allow_other,default_permissions,max_read=65536"));
            Assert.Equal(Errno.None, server.Tell("MTAB", "user=mallory,-n"));
            server.DoIt();
            server.Bye();
        });

        Assert.Contains($"fuse.polite {_sandbox.Source} rw,user_id=0,group_id=0,default_permissions,allow_other,max_read=65536", line, StringComparison.Ordinal);
        Assert.False(File.Exists(_sandbox.In("mtab/utab")));
    }

    [Fact]
    public void The_words_of_the_server_reach_it_and_those_of_the_kernel_do_too()
    {
        string[] arguments = [];
        Mount(own: false, "ro,noatime,journal=\"a,b\",x-systemd.automount,nofail,mount_timeout=7,cache=never", server =>
        {
            server.MountV1(_sandbox.Mountpoint);
            arguments = [.. server.Arguments.Select(System.Text.Encoding.UTF8.GetString)];
            server.Bye();
        });

        Assert.Equal(
            ["polite", _sandbox.Source, _sandbox.Mountpoint, "-o",
             "ro,nosuid,nodev,noatime,allow_other,default_permissions,journal=\"a,b\",cache=never"],
            arguments);
    }

    [Fact]
    [Rule("read-only-means-read-only")]
    public void A_read_only_mount_grants_its_image_for_reading_alone()
    {
        Mount(own: true, "ro", server =>
        {
            server.Greet();
            Grant grant = server.Ask("source", SourceKinds.RegularFile);
            Assert.Equal(SourceAccess.Read, grant.Access);
            Assert.Equal(Errno.EBADF, Libc.Pwrite(server.Granted[0], "x"u8, 0, out _));
            server.Mount();
            FakeFuse.AnswerInit(server.Devices[0]);
            Complete(server);
        });
    }

    [Theory]
    [Rule("image-has-one-mount")]
    [InlineData(true)]
    [InlineData(false)]
    public void An_image_that_is_mounted_is_not_granted_again(bool own)
    {
        using ManualResetEventSlim held = new();
        using ManualResetEventSlim tried = new();
        using ServiceListener first = new(_sandbox.Socket(own: true, "polite"), server =>
        {
            server.Greet();
            Assert.Equal(Errno.None, server.Ask("source").Error);
            held.Set();
            tried.Wait(Wait.Patience);
            server.SayGoodbye(1, "done");
        });
        using HelperRun run = _sandbox.Start("-t", "polite", _sandbox.Source, _sandbox.Mountpoint);
        Assert.True(held.Wait(Wait.Patience));
        using MountSandbox other = new();
        using ServiceListener second = new(other.Socket(own, "rival"), server => Assert.Equal(Errno.EBUSY, AskBoth(server, own)));
        using HelperRun rival = other.Start("-t", "rival", _sandbox.Source, other.Mountpoint).Wait();
        tried.Set();
        run.Wait();
        second.Finish();
        first.Finish();

        Assert.Equal(
            $"fuservicemount: {_sandbox.Source} on {other.Mountpoint}: {_sandbox.Source} is in use by another mount; "
            + $"unmount it there; fuservicemount --wait {_sandbox.Source} waits until it is free [image-has-one-mount]\n", rival.Errors);
    }

    private Errno AskBoth(ServerEnd server, bool own)
    {
        if (own)
        {
            server.Greet();
            Errno errno = server.Ask("source").Error;
            server.SayGoodbye(1);
            return errno;
        }

        server.GreetV1();
        Errno answer = server.Open(_sandbox.Source, 2).Error;
        server.Bye(1);
        return answer;
    }

    [Fact]
    public void A_directory_is_granted_as_two_clones_with_a_namespace_of_its_own()
    {
        Mount(own: true, "rw", server =>
        {
            Hello hello = server.ReceiveHello();
            Assert.Equal(0x7FFF0000u, hello.JoinerUid);
            server.Say(new HelloReply(1, HelloFeatures.None).Encode());
            server.Receive();
            Grant grant = server.Ask("source", SourceKinds.Directory);
            Assert.Equal(GrantFlags.RwClone | GrantFlags.RoClone | GrantFlags.UserNamespace | GrantFlags.Idmapped, grant.Flags);
            Assert.Equal(3, server.Granted.Count);
            Assert.Equal((0u, 0u), (grant.Uid, grant.Gid));
            Assert.Equal(0u, grant.Extents[0].Inside);
            Assert.Equal(65536u, grant.Extents[0].Count);
            Assert.InRange(grant.Extents[0].Host, 0x70000000u, 0x7FFCFFFFu);
            server.Mount(devices: 3);
            FakeFuse.AnswerInit(server.Devices[0]);
            Complete(server);
        }, _sandbox.In("src"));
    }

    [Fact]
    [Rule("text-is-harmless")]
    public void Text_of_a_server_cannot_drive_the_terminal()
    {
        using ServiceListener listener = new(_sandbox.Socket(own: true, "polite"), static server =>
        {
            server.Greet();
            server.Say(new Note(NoteLevel.Warning, "\u001b]0;owned\u0007\nroot#").Encode());
            server.SayGoodbye(2, "\u001b[2J\u202egpj.exe\r\nfuservicemount: all is well");
        });
        using HelperRun run = _sandbox.Start("-t", "polite", _sandbox.Source, _sandbox.Mountpoint).Wait();
        listener.Finish();

        Assert.DoesNotContain(run.Errors, static c => char.IsControl(c) && c != '\n');
        Assert.DoesNotContain('\u202e', run.Errors);
        Assert.Equal(2, run.Errors.Count(static c => c == '\n'));
        Assert.Equal(ExitCode.Failure, run.ExitCode);
    }

    [Theory]
    [Rule("exit-code-is-never-two")]
    [InlineData(true)]
    [InlineData(false)]
    public void A_server_cannot_choose_the_exit_code(bool own)
    {
        using ServiceListener listener = new(_sandbox.Socket(own, "polite"), server =>
        {
            if (own)
            {
                server.Greet();
                server.SayGoodbye(2, "use the other driver");
            }
            else
            {
                server.GreetV1();
                server.Bye(2);
            }
        });
        using HelperRun run = _sandbox.Start("-t", "polite", _sandbox.Source, _sandbox.Mountpoint).Wait();
        listener.Finish();

        Assert.Equal(ExitCode.Failure, run.ExitCode);
        Aftermath.AssertNothingIsLeft(_sandbox, run);
    }

    [Fact]
    public void A_reason_of_the_server_is_what_the_caller_reads()
    {
        using ServiceListener listener = new(_sandbox.Socket(own: true, "polite"), static server =>
        {
            server.Greet();
            server.SayGoodbye(1, "the superblock has a bad checksum");
        });
        using HelperRun run = _sandbox.Start("-t", "polite", _sandbox.Source, _sandbox.Mountpoint).Wait();
        listener.Finish();

        Assert.Equal($"fuservicemount: {_sandbox.Source} on {_sandbox.Mountpoint}: the superblock has a bad checksum\n", run.Errors);
    }

    [Fact]
    public void The_own_address_comes_first()
    {
        using ServiceListener other = new(_sandbox.Socket(own: false, "polite"), static _ => { });
        Mount(own: true, "rw", server =>
        {
            server.MountProperly();
            Complete(server);
        });

        Assert.Equal(0, other.Connections);
    }

    [Fact]
    public void Unmounting_clears_what_was_written()
    {
        Mount(own: true, "rw", server =>
        {
            server.MountProperly();
            Complete(server);
        });

        _sandbox.Start("-t", "polite", "--unmount", _sandbox.Mountpoint).Succeeded();

        Assert.Empty(_sandbox.NewMounts());
        Assert.Empty(_sandbox.RegistryEntries());
        Assert.Equal("", File.ReadAllText(_sandbox.In("mtab/utab")));
    }

    [Theory]
    [InlineData("rw", "1", "1")]
    [InlineData("writeback_throttle=off", "0", "100")]
    public void The_limit_of_its_dirty_pages_is_the_kernels_unless_root_lifts_it(string options, string strict, string ratio)
    {
        string line = Mount(own: true, options, static server =>
        {
            server.MountProperly();
            Complete(server);
        });

        string device = "/sys/class/bdi/" + line.Split(' ')[2];
        Assert.SkipUnless(File.Exists(device + "/strict_limit"), "this kernel does not tell the limit (it came with Linux 6.2)");
        Assert.Equal((strict, ratio), (File.ReadAllText(device + "/strict_limit").Trim(), File.ReadAllText(device + "/max_ratio").Trim()));
    }

    [Fact]
    public void Waiting_for_a_source_ends_when_its_server_has_let_go()
    {
        using HelperRun busy = _sandbox.Shell($"exec flock {_sandbox.Source} {HelperBinary.Path} --wait {_sandbox.Source} -o mount_timeout=1").Wait();
        Assert.Equal(ExitCode.Failure, busy.ExitCode);
        Assert.Contains("is still in use after 1 s", busy.Errors, StringComparison.Ordinal);

        _sandbox.Start("--wait", _sandbox.Source).Succeeded();
    }
}
