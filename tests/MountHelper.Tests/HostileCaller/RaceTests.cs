using System.Text;
using ServiceHost.Linux;
using ServiceHost.MountProtocol;

namespace MountHelper.Tests;

/// <summary>
/// Paths that change under the helper. The races are won with certainty: they happen while the helper waits for the server, after it has
/// looked and before it uses what it found.
/// </summary>
[Trait("Needs", "root")]
public sealed class RaceTests : IDisposable
{
    private readonly MountSandbox _sandbox = new();

    public void Dispose() => _sandbox.Dispose();

    private HelperRun Run(string source, string mountpoint, Action<ServerEnd> script, bool own = true)
    {
        using ServiceListener listener = new(_sandbox.Socket(own, "race"), script);
        HelperRun run = _sandbox.Start("-t", "race", source, mountpoint, "-o", "mount_timeout=30").Wait();
        listener.Finish();
        return run;
    }

    private static char FirstByte(ServerEnd server)
    {
        byte[] buffer = new byte[1];
        Assert.Equal(Errno.None, Libc.Pread(server.Granted[0], buffer, 0, out _));
        return (char)buffer[0];
    }

    [Theory]
    [Rule("source-is-pinned")]
    [InlineData(true)]
    [InlineData(false)]
    public void A_link_that_is_turned_elsewhere_grants_what_it_led_to(bool own)
    {
        string link = _sandbox.In("link");
        File.CreateSymbolicLink(link, _sandbox.In("img"));
        Run(link, _sandbox.Mountpoint, server =>
        {
            Greet(server, own);
            File.Delete(link);
            File.CreateSymbolicLink(link, _sandbox.In("other"));
            Errno answer = own ? server.Ask("source").Error : server.Open(link).Error;
            Assert.Equal(Errno.None, answer);
            Assert.Equal('i', FirstByte(server));
        }, own).Dispose();
    }

    [Theory]
    [Rule("source-is-pinned")]
    [InlineData(true)]
    [InlineData(false)]
    public void A_source_that_is_replaced_is_granted_as_it_was(bool own)
    {
        Run(_sandbox.Source, _sandbox.Mountpoint, server =>
        {
            Greet(server, own);
            File.Move(_sandbox.Source, _sandbox.In("moved"));
            File.CreateSymbolicLink(_sandbox.Source, "/etc/shadow");
            Errno answer = own ? server.Ask("source").Error : server.Open(_sandbox.Source).Error;
            Assert.Equal(Errno.None, answer);
            Assert.Equal('i', FirstByte(server));
        }, own).Dispose();
    }

    [Fact]
    [Rule("source-is-pinned")]
    public void A_source_that_becomes_a_FIFO_does_not_block()
    {
        Run(_sandbox.Source, _sandbox.Mountpoint, server =>
        {
            server.Greet();
            File.Move(_sandbox.Source, _sandbox.In("moved"));
            byte[] path = CString.Allocate(_sandbox.Source);
            Assert.Equal(Errno.None, Libc.Mknodat(Fd.Cwd, CString.FromTerminated(path), (uint)ModeBits.Fifo | 0x1B6, 0));
            Assert.Equal(Errno.None, server.Ask("source").Error);
            Assert.Equal('i', FirstByte(server));
        }).Dispose();
    }

    [Fact]
    [Rule("source-is-pinned")]
    public void A_directory_that_is_swapped_is_granted_as_it_was()
    {
        string source = _sandbox.In("src");
        Run(source, _sandbox.Mountpoint, server =>
        {
            server.Greet();
            Directory.Move(source, _sandbox.In("moved"));
            File.CreateSymbolicLink(source, "/etc");
            Assert.Equal(Errno.None, server.Ask("source").Error);
            Errno errno = Libc.Statx(server.Granted[0], CString.FromTerminated("file\0"u8), AtFlags.None, StatxMask.Type, out _);
            Assert.Equal(Errno.None, errno);
        }).Dispose();
    }

    [Theory]
    [Rule("mountpoint-is-pinned")]
    [InlineData(true)]
    [InlineData(false)]
    public void A_mountpoint_that_becomes_a_link_is_mounted_where_it_was(bool own)
    {
        Directory.CreateDirectory(_sandbox.In("victim"));
        using HelperRun run = Run(_sandbox.Source, _sandbox.Mountpoint, server =>
        {
            MountIt(server, own, _sandbox.Mountpoint);
            Directory.Move(_sandbox.Mountpoint, _sandbox.In("moved"));
            File.CreateSymbolicLink(_sandbox.Mountpoint, _sandbox.In("victim"));
            Leave(server, own);
        }, own);

        Assert.Equal(0, run.ExitCode);
        Assert.Contains($" {_sandbox.In("moved")} ", Assert.Single(_sandbox.NewMounts()), StringComparison.Ordinal);
    }

    [Fact]
    [Rule("mountpoint-is-pinned")]
    public void A_parent_that_is_swapped_changes_nothing()
    {
        Directory.CreateDirectory(_sandbox.In("parent/mnt"));
        Directory.CreateDirectory(_sandbox.In("evil/mnt"));
        using HelperRun run = Run(_sandbox.Source, _sandbox.In("parent/../parent/mnt"), server =>
        {
            server.MountProperly();
            Directory.Move(_sandbox.In("parent"), _sandbox.In("moved"));
            Directory.Move(_sandbox.In("evil"), _sandbox.In("parent"));
            server.SayGoodbye();
            server.ReceiveDone();
        });

        Assert.Equal(0, run.ExitCode);
        Assert.Contains($" {_sandbox.In("moved/mnt")} ", Assert.Single(_sandbox.NewMounts()), StringComparison.Ordinal);
    }

    [Fact]
    public void A_mountpoint_that_is_removed_gets_no_mount()
    {
        string gone = _sandbox.In("gone");
        Directory.CreateDirectory(gone);
        using HelperRun run = Run(_sandbox.Source, gone, server =>
        {
            server.MountProperly();
            Directory.Delete(gone);
            server.SayGoodbye();
            Assert.NotEqual(Errno.None, server.ReceiveDone().Error);
        });

        Assert.Equal(ExitCode.Failure, run.ExitCode);
        Assert.StartsWith($"fuservicemount: {_sandbox.Source} on {gone}: cannot attach the mount to the mountpoint: ", run.Errors, StringComparison.Ordinal);
        Aftermath.AssertNothingIsLeft(_sandbox, run);
    }

    [Fact]
    [Rule("mountpoint-is-directory-or-file")]
    public void A_mountpoint_that_is_a_FIFO_is_refused_without_opening_it()
    {
        string fifo = _sandbox.In("fifo");
        _sandbox.Shell($"mkfifo {fifo}").Succeeded().Dispose();
        using HelperRun run = _sandbox.Start("-t", "race", _sandbox.Source, fifo).Wait();

        Assert.Equal($"fuservicemount: the mountpoint {fifo} is neither a directory nor a regular file [mountpoint-is-directory-or-file]\n", run.Errors);
        Assert.Equal(ExitCode.Failure, run.ExitCode);
    }

    [Fact]
    public void Paths_are_bytes()
    {
        byte[] name = [.. Encoding.UTF8.GetBytes(_sandbox.In("odd")), 0xff, 0xfe];
        _sandbox.Shell($"cp {_sandbox.Source} \"$(printf '{_sandbox.In("odd")}\\377\\376')\"").Succeeded().Dispose();
        using ServiceListener listener = new(_sandbox.Socket(own: false, "race"), server =>
        {
            server.GreetV1();
            Assert.Equal(name, server.Arguments[1]);
            server.Say(new V1OpenCommand(false, 0, 0, V1OpenFlags.None, 0, name).Encode());
            server.Receive(server.Granted);
            Assert.Equal('i', FirstByte(server));
        });
        using HelperRun run = _sandbox.Shell(
            $"exec {HelperBinary.Path} -t race \"$(printf '{_sandbox.In("odd")}\\377\\376')\" {_sandbox.Mountpoint}").Wait();
        listener.Finish();

        Assert.StartsWith($"fuservicemount: {_sandbox.In("odd")}\\xff\\xfe on ", run.Errors, StringComparison.Ordinal);
    }

    private static void Greet(ServerEnd server, bool own)
    {
        if (own)
        {
            server.Greet();
        }
        else
        {
            server.GreetV1();
        }
    }

    private static void MountIt(ServerEnd server, bool own, string mountpoint)
    {
        if (own)
        {
            server.MountProperly();
        }
        else
        {
            server.MountV1(mountpoint);
        }
    }

    private static void Leave(ServerEnd server, bool own)
    {
        if (own)
        {
            server.SayGoodbye();
            server.ReceiveDone();
        }
        else
        {
            server.Bye();
        }
    }
}
