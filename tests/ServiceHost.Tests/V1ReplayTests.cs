using ServiceHost.Connection;
using ServiceHost.Linux;
using ServiceHost.MountProtocol;
using ServiceHost.Recorded;

namespace ServiceHost.Tests;

/// <summary>
/// What libfuse's fuservicemount3 said is said again, and our side must answer with the very bytes that mounted with it. Needs
/// /dev/fuse, which anybody may open.
/// </summary>
public sealed class V1ReplayTests
{
    [Fact]
    public void A_mount_byte_for_byte()
    {
        using Replay replay = new("v1-passthrough.txt");
        string? failure = replay.Run(connection =>
        {
            ServiceGreeting greeting = Greet(connection);
            using GrantedDescriptors? source = connection.RequestRole(ServiceRole.SourceDirectory, greeting.Arguments, readOnly: false);
            Assert.Equal(SourceKinds.Directory, source!.Grant.Kind);
            IReadOnlyList<OwnedFd> devices = connection.Mount(Plan, greeting.Arguments);
            using OwnedFd device = Assert.Single(devices);
            Assert.Equal("cache=never", connection.OptionsOf(greeting.Arguments));
            return connection.Attach();
        });
        Assert.Null(failure);
    }

    [Fact]
    public void A_refused_option_is_goodbye_1()
    {
        using Replay replay = new("v1-passthrough-unknown-option.txt");
        string? failure = replay.Run(connection =>
        {
            ServiceGreeting greeting = Greet(connection);
            Assert.Equal("nosuch", connection.OptionsOf(greeting.Arguments));
            connection.Fail("unknown option");
            return "refused";
        });
        Assert.Equal("refused", failure);
    }

    [Fact]
    public void A_missing_source_is_goodbye_1_with_its_errno_in_the_reason()
    {
        using Replay replay = new("v1-passthrough-no-source.txt");
        string? failure = replay.Run(connection =>
        {
            ServiceGreeting greeting = Greet(connection);
            ServiceException refusal = Assert.Throws<ServiceException>(
                () => connection.RequestRole(ServiceRole.SourceDirectory, greeting.Arguments, readOnly: false));
            connection.Fail(refusal.Message);
            return refusal.Message;
        });
        Assert.Equal("/srv/none: No such file or directory (ENOENT)", failure);
    }

    private static FuseMountPlan Plan => new() { FileSystem = new NullFileSystem(), Workers = 1 };

    private static ServiceGreeting Greet(V1Connection connection)
    {
        ServiceGreeting greeting = connection.Greet(static _ => Assert.Fail("v1 assigns no uid"));
        greeting.ArgumentMemfd.Dispose();
        return greeting;
    }

    /// <summary>Plays the helper's part of a recording and compares the server's.</summary>
    private sealed class Replay(string name) : IDisposable
    {
        private readonly RecordedConversation _recording = RecordedConversation.Load(name);
        private readonly TestPeer _helper = new();

        public string? Run(Func<V1Connection, string?> server)
        {
            using V1Connection connection = new(_helper.Server, TestPeer.Soon);
            Task<string?> running = Task.Run(() => server(connection));
            int fds = 0;
            foreach (RecordedPacket packet in _recording.Packets)
            {
                if (packet.FromHelper)
                {
                    using OwnedFd? fd = packet.HasFd ? Open(fds++) : null;
                    _helper.Send(packet.Bytes, fd is null ? [] : [fd]);
                }
                else
                {
                    _helper.Expect(packet.Bytes);
                }
            }

            return running.WaitAsync(TestPeer.Patience).GetAwaiter().GetResult();
        }

        public void Dispose() => _helper.Dispose();

        // In the order of the protocol: arguments, device, source.
        private OwnedFd Open(int index) => index switch
        {
            0 => new TrackedMemfd(_recording.Arguments, FileSeals.None).Fd,
            1 => OpenPath("/dev/fuse", OpenFlags.ReadWrite),
            _ => OpenPath("/", OpenFlags.ReadOnly | OpenFlags.Directory),
        };

        private static OwnedFd OpenPath(string path, OpenFlags flags)
        {
            Assert.Equal(Errno.None, Libc.Openat(Fd.Cwd, CString.FromTerminated(CString.Allocate(path)), flags, 0, out OwnedFd fd));
            return fd;
        }
    }
}
