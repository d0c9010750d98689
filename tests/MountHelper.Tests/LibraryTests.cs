using System.Runtime.InteropServices;
using ServiceHost.Linux;
using Tests.Shared;

namespace MountHelper.Tests;

/// <summary>
/// The Mounter as the broker will use it: in a process that goes on afterwards, with pinned objects and another caller. A thread of
/// its own has moved into the sandbox's namespace.
/// </summary>
[Trait("Needs", "root")]
public sealed class LibraryTests : IDisposable
{
    private const int SYS_unshare = 272;
    private const int CLONE_FS = 0x200;

    private readonly MountSandbox _sandbox = new();

    public void Dispose() => _sandbox.Dispose();

    [Theory]
    [InlineData("hello", true)]
    [InlineData("arguments", true)]
    [InlineData("grant", true)]
    [InlineData("mount", true)]
    [InlineData("init", true)]
    [InlineData("done", true)]
    [InlineData("hello", false)]
    [InlineData("arguments", false)]
    [InlineData("grant", false)]
    [InlineData("mount", false)]
    [InlineData("done", false)]
    public void No_descriptor_is_left_wherever_the_server_stops(string step, bool own)
    {
        Attempt(step, own);
        List<string> before = Descriptors();
        for (int i = 0; i < 10; i++)
        {
            Attempt(step, own);
        }

        // The test runner opens and closes files of its own meanwhile; what a conversation leaked would stay.
        List<string> after = [];
        Wait.Until(() => before.SequenceEqual(after = Descriptors()), Wait.Patience);
        Assert.Equal(before, after);
    }

    [Theory]
    [Rule("privileged-options-are-roots")]
    [InlineData("idmap=off")]
    [InlineData("idmap=70000-70001")]
    [InlineData("context=system_u:object_r:tmp_t:s0")]
    public void Another_caller_cannot_use_options_of_root(string options)
    {
        MountFailedException failed = Assert.Throws<MountFailedException>(() =>
        {
            using MountPlan plan = Plan(new CallerIdentity(1000, 1000, []), options);
            Mounter.Mount(plan);
        });

        Assert.Same(Rule.PrivilegedOptionsAreRoots, failed.Failure.Rule);
    }

    private MountPlan Plan(CallerIdentity caller, string options)
    {
        Assert.Equal(Errno.None, PinnedSource.Pin(System.Text.Encoding.UTF8.GetBytes(_sandbox.Source), out PinnedSource? source));
        return new MountPlan
        {
            Type = ServiceType.Parse("leak"u8),
            Options = MountOptionSplitter.Split([System.Text.Encoding.UTF8.GetBytes(options)]),
            Caller = caller,
            Target = MountTarget.Pin(System.Text.Encoding.UTF8.GetBytes(_sandbox.Mountpoint)),
            Source = source,
            SourceName = source!.Name,
            Show = static _ => { },
        };
    }

    private void Attempt(string step, bool own)
    {
        File.Delete(_sandbox.Socket(own, "leak"));
        using ServiceListener listener = new(_sandbox.Socket(own, "leak"), server => GoTo(step, own, server));
        MountFailedException? failed = null;
        InSandbox(() =>
        {
            using MountPlan plan = Plan(new CallerIdentity(0, 0, []), "mount_timeout=30");
            try
            {
                Mounter.Mount(plan);
            }
            catch (MountFailedException error)
            {
                failed = error;
            }
        });
        listener.Finish();
        Assert.True(step == "done" ? failed is null : failed?.Failure.Rule == Rule.EndsWithGoodbye, failed?.ToString());
        if (step == "done")
        {
            listener.End!.Dispose();
            _sandbox.Shell($"umount {_sandbox.Mountpoint}").Succeeded().Dispose();
        }
    }

    private void GoTo(string step, bool own, ServerEnd server)
    {
        if (own)
        {
            GoTo(step, server);
            return;
        }

        if (step == "hello")
        {
            server.Receive();
            return;
        }

        server.GreetV1();
        if (step == "grant")
        {
            server.Open(_sandbox.Source, 2);
        }

        if (step is "mount" or "done")
        {
            server.DescribeV1(_sandbox.Mountpoint);
            Assert.Equal(Errno.None, server.DoIt());
        }

        if (step == "done")
        {
            server.Bye();
        }
    }

    private static void GoTo(string step, ServerEnd server)
    {
        if (step == "hello")
        {
            server.ReceiveHello();
            return;
        }

        server.Greet();
        if (step == "grant")
        {
            server.Ask("source");
        }

        if (step is "mount" or "init" or "done")
        {
            server.Mount(devices: 4);
        }

        if (step is "init" or "done")
        {
            FakeFuse.AnswerInit(server.Devices[0]);
        }

        if (step == "done")
        {
            server.SayGoodbye();
            server.ReceiveDone();
        }
    }

    /// <summary>A thread can live in another mount namespace than its process once it shares no working directory with it.</summary>
    private void InSandbox(Action action)
    {
        Exception? error = null;
        Thread thread = new(() =>
        {
            try
            {
                Assert.Equal(0, syscall(SYS_unshare, CLONE_FS));
                byte[] path = CString.Allocate($"/proc/{_sandbox.HolderPid}/ns/mnt");
                Assert.Equal(Errno.None, Libc.Openat(Fd.Cwd, CString.FromTerminated(path), OpenFlags.ReadOnly, 0, out OwnedFd there));
                using (there)
                {
                    Assert.Equal(Errno.None, Libc.JoinMountNamespace(there));
                }

                action();
            }
            catch (Exception caught)
            {
                error = caught;
            }
        });
        thread.Start();
        thread.Join();
        Assert.Null(error);
    }

    /// <summary>
    /// Kinds of what is open, but pipes: those to the test's own child processes live until they are collected. A descriptor that is
    /// closed while the folder is read has no target any more.
    /// </summary>
    private static List<string> Descriptors() => [.. Directory.GetFiles("/proc/self/fd")
        .Select(static path => new FileInfo(path).LinkTarget)
        .OfType<string>()
        .Where(static target => !target.StartsWith("pipe:", StringComparison.Ordinal))
        .Select(static target => target.Split(':', '(')[0]).Order()];

    [DllImport("libc")]
    private static extern nint syscall(nint number, nint a);
}
