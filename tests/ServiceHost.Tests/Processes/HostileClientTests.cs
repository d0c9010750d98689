using ServiceHost.Linux;
using ServiceHost.MountProtocol;

namespace ServiceHost.Tests.Processes;

/// <summary>
/// Another local user reaches the sockets of a real, published service and lies. Each connection is a process of its own; it must
/// end by itself with exit code 1 and one line that says why, never by a signal and never with a stack.
/// </summary>
[Collection("service sockets")]
[Trait("Needs", "root")]
public sealed class HostileClientTests : IDisposable
{
    private static readonly byte[] s_words =
        [.. "ARGS"u8, 0, 0, 0, 3, 0, 0, 0, 32, 0, 0, 0, 12, 0, 0, 0, 44, 0, 0, 0, 3, 0, 0, 0, 47, 0, 0, 0, 3, .. "passthrough\0/s\0/m\0"u8];

    private static readonly byte[] s_hello = new Hello(1, 1, HelloFeatures.None, 60_000, 12_345, 1, "passthrough").Encode();
    private static readonly byte[] s_v1Hello = new V1Hello(1, 1, V1HelloFlags.All).Encode();
    private static readonly byte[] s_v1Argv = new V1File(Errno.None, V1File.Argv.ToArray()).Encode();
    private static readonly byte[] s_v1Device = new V1File(Errno.None, V1File.FuseDevice.ToArray()).Encode();

    private readonly ServiceListener _listener = new();

    public void Dispose() => _listener.Dispose();

    public static TheoryData<string, string> OwnBeginnings => new()
    {
        { "", "no HELO from the mounter: it has gone" },
        { "00", "expected HELO from the mounter, got 0x00000000" },
        { "48454C4F", "malformed HELO from the mounter" },
        { Convert.ToHexString(s_v1Hello), "expected HELO from the mounter, got SAFT" },
        { Convert.ToHexString(new Goodbye(0, "").Encode()), "expected HELO from the mounter, got GBYE" },
        { Convert.ToHexString(new Hello(9, 9, HelloFeatures.None, 1, 1, 1, "t").Encode()), "the mounter speaks protocol versions 9 to 9" },
        {
            Convert.ToHexString(new Hello(1, 1, HelloFeatures.None, 60_000, 0, 1, "passthrough").Encode()),
            "the mounter assigns uid 0, which no service may have"
        },
        {
            Convert.ToHexString(new Hello(1, 1, HelloFeatures.None, 60_000, uint.MaxValue, 1, "passthrough").Encode()),
            "the mounter assigns uid 4294967295, which no service may have"
        },
    };

    [Theory]
    [MemberData(nameof(OwnBeginnings))]
    public void A_bad_beginning_of_the_own_dialect_ends_in_a_line(string packet, string line) =>
        Converse(ServiceListener.OwnAddress, line, socket => Send(socket, Convert.FromHexString(packet)));

    [Fact]
    public void Arguments_that_can_still_change_are_refused() =>
        Converse(ServiceListener.OwnAddress, "bad arguments from the mounter: NotSealed", static socket =>
        {
            using TrackedMemfd memfd = new(s_words, FileSeals.None);
            Send(socket, s_hello);
            Send(socket, new CallerArguments(0, 0, ArgumentFlags.None, (uint)s_words.Length, []).Encode(), memfd.Fd);
        });

    [Fact]
    public void A_type_of_somebody_elses_is_refused() =>
        Converse(ServiceListener.OwnAddress, "said hello to 'ext4' and sent arguments for 'passthrough'", static socket =>
        {
            using TrackedMemfd memfd = new(s_words);
            Send(socket, new Hello(1, 1, HelloFeatures.None, 60_000, 12_345, 1, "ext4").Encode());
            Send(socket, new CallerArguments(0, 0, ArgumentFlags.None, (uint)s_words.Length, []).Encode(), memfd.Fd);
        });

    [Fact]
    public void A_flood_of_descriptors_is_dropped() =>
        Converse(ServiceListener.OwnAddress, "no ARGV from the mounter: wrong number of descriptors", static socket =>
        {
            using TrackedMemfd memfd = new(s_words);
            Send(socket, s_hello);
            Send(
                socket,
                new CallerArguments(0, 0, ArgumentFlags.None, (uint)s_words.Length, []).Encode(),
                [.. Enumerable.Repeat(memfd.Fd, 253)]);
        });

    [Fact]
    public void A_grant_of_nonsense_is_refused() =>
        Converse(ServiceListener.OwnAddress, "cannot start stage 2: joining the user namespace", static socket =>
        {
            using TrackedMemfd memfd = new(s_words);
            Assert.True(Libc.Openat(Fd.Cwd, CString.FromTerminated("/tmp\0"u8), OpenFlags.Path, 0, out OwnedFd directory).IsOk);
            using OwnedFd clone = directory;
            Send(socket, s_hello);
            Send(socket, new CallerArguments(0, 0, ArgumentFlags.None, (uint)s_words.Length, []).Encode(), memfd.Fd);
            Grant grant = new()
            {
                Kind = SourceKinds.Directory,
                Flags = GrantFlags.RwClone | GrantFlags.UserNamespace,
                Capabilities = ulong.MaxValue,
            };
            Send(socket, grant.Encode(), clone, memfd.Fd);
            ExpectGoodbye(socket);
        });

    [Fact]
    public void A_directory_that_is_none_is_refused_before_there_is_a_stage_two() =>
        Converse(ServiceListener.OwnAddress, "cannot make the Landlock rules of stage 2", static socket =>
        {
            using TrackedMemfd memfd = new(s_words);
            Send(socket, s_hello);
            Send(socket, new CallerArguments(0, 0, ArgumentFlags.None, (uint)s_words.Length, []).Encode(), memfd.Fd);
            Grant grant = new() { Kind = SourceKinds.Directory, Flags = GrantFlags.RwClone | GrantFlags.UserNamespace };
            Send(socket, grant.Encode(), memfd.Fd, memfd.Fd);
            ExpectGoodbye(socket);
        });

    [Fact]
    public void A_clone_without_its_namespace_is_refused() =>
        Converse(ServiceListener.OwnAddress, "malformed GRNT from the mounter", static socket =>
        {
            using TrackedMemfd memfd = new(s_words);
            Send(socket, s_hello);
            Send(socket, new CallerArguments(0, 0, ArgumentFlags.None, (uint)s_words.Length, []).Encode(), memfd.Fd);
            Send(socket, new Grant { Kind = SourceKinds.Directory, Flags = GrantFlags.RwClone }.Encode(), memfd.Fd);
            ExpectGoodbye(socket);
        });

    [Fact]
    public void Devices_that_are_no_devices_end_the_service() =>
        Converse(ServiceListener.OwnAddress, "the filesystem did not start", static socket =>
        {
            using TrackedMemfd memfd = new(s_words);
            using OwnedNamespace ns = new(12_345);
            Assert.True(Libc.Openat(Fd.Cwd, CString.FromTerminated("/tmp\0"u8), OpenFlags.Path, 0, out OwnedFd directory).IsOk);
            using (directory)
            {
                Send(socket, s_hello);
                Send(socket, new CallerArguments(0, 0, ArgumentFlags.None, (uint)s_words.Length, []).Encode(), memfd.Fd);
                Grant grant = new() { Kind = SourceKinds.Directory, Flags = GrantFlags.RwClone | GrantFlags.UserNamespace };
                Send(socket, grant.Encode(), directory, ns.Handle);
                uint devices = ReceiveUntil(socket, Tag.Mount, static packet =>
                    MountRequest.TryDecode(packet, out MountRequest request) ? request.Devices : 0);
                Send(
                    socket,
                    new MountReply(Errno.None, devices, 0, 0, string.Empty).Encode(),
                    [.. Enumerable.Repeat(memfd.Fd, (int)devices)]);
                ExpectGoodbye(socket);
            }
        });

    [Theory]
    [InlineData("", "no SAFT from the mount helper: it has gone")]
    [InlineData("53414654", "malformed SAFT from the mount helper")]
    [InlineData("534146540001000100000004", "malformed SAFT from the mount helper")]
    [InlineData("534146540002000300000000", "the mount helper speaks versions 2 to 3, this service 1")]
    public void A_bad_beginning_of_v1_ends_in_a_line(string packet, string line) =>
        Converse(ServiceListener.V1Address, line, socket => Send(socket, Convert.FromHexString(packet)));

    [Fact]
    public void A_forged_argv_of_v1_is_refused() =>
        Converse(ServiceListener.V1Address, "bad arguments from the mount helper: TooManyArguments", static socket =>
        {
            using TrackedMemfd memfd = new([.. "ARGS"u8, 0xFF, 0xFF, 0xFF, 0xFF], FileSeals.None);
            Send(socket, s_v1Hello);
            Send(socket, s_v1Argv, memfd.Fd);
            ReceiveUntil(socket, Tag.V1Goodbye, static _ => 0u);
        });

    [Theory]
    [InlineData("/dev/null")]
    [InlineData("/dev/zero")]
    [InlineData("/tmp")]
    public void Something_else_than_dev_fuse_is_refused(string path) =>
        Converse(ServiceListener.V1Address, "what the mount helper calls fusedev is not /dev/fuse", socket =>
        {
            using TrackedMemfd memfd = new(s_words, FileSeals.None);
            Assert.True(Libc.Openat(Fd.Cwd, CString.FromTerminated(CString.Allocate(path)), OpenFlags.ReadOnly, 0, out OwnedFd fake).IsOk);
            using (fake)
            {
                Send(socket, s_v1Hello);
                Send(socket, s_v1Argv, memfd.Fd);
                Send(socket, s_v1Device, fake);
                ReceiveUntil(socket, Tag.V1Goodbye, static _ => 0u);
            }
        });

    [Fact]
    public void A_real_dev_fuse_that_is_never_mounted_is_given_back() =>
        Converse(ServiceListener.V1Address, "the mount helper refuses the mount: Operation not permitted (EPERM)", static socket =>
        {
            using TrackedMemfd memfd = new(s_words, FileSeals.None);
            Assert.True(Libc.OpenFuseDevice(out OwnedFd device).IsOk);
            Assert.True(Libc.Openat(Fd.Cwd, CString.FromTerminated("/tmp\0"u8), OpenFlags.ReadOnly, 0, out OwnedFd directory).IsOk);
            using (device)
            using (directory)
            {
                Send(socket, s_v1Hello);
                Send(socket, s_v1Argv, memfd.Fd);
                Send(socket, s_v1Device, device);
                Send(socket, new V1File(Errno.None, "/s"u8.ToArray()).Encode(), directory);
                for (int i = 0; i < 4; i++)
                {
                    Send(socket, new V1Reply(Errno.None).Encode());
                }

                Send(socket, new V1Reply(Errno.EPERM).Encode());
                ReceiveUntil(socket, Tag.V1Goodbye, static _ => 0u);
            }
        });

    [Fact]
    public void Many_liars_at_once_do_not_disturb_an_honest_mount()
    {
        List<SeqpacketSocket> silent = [.. Enumerable.Range(0, 20).Select(static i => Connect(i % 2 == 0 ? ServiceListener.OwnAddress : ServiceListener.V1Address))];
        using TestTree tree = new();
        (int exitCode, _, string error) = TestTree.Run(ServiceListener.Bin + "/fuservicemount", "-t", "passthrough", tree.Source, tree.Mountpoint);
        Assert.True(exitCode == 0, error);
        Assert.Equal("content", File.ReadAllText(tree.Mountpoint + "/file"));
        TestTree.Run("umount", tree.Mountpoint);
        silent.ForEach(static socket => socket.Dispose());
        Wait.For("the end of all", () => _listener.Deaths.Count == 21);
    }

    private void Converse(string address, string line, Action<SeqpacketSocket> script)
    {
        using (SeqpacketSocket socket = Connect(address))
        {
            script(socket);
            Drain(socket);
        }

        Wait.For("the end of the server", () => _listener.Deaths.Count == 1);
        Assert.True(_listener.Deaths[0].EndsWith("died with code 1", StringComparison.Ordinal), _listener.Log);
        string[] said = [.. _listener.Log.Split('\n').Where(static text => text.StartsWith("fuservice-passthrough: ", StringComparison.Ordinal))];
        Assert.True(said.Length == 1 && said[0].Contains(line, StringComparison.Ordinal), _listener.Log);
    }

    // Leaving earlier would only show that we left.
    private static void Drain(SeqpacketSocket socket)
    {
        while (socket.Receive(Limits.PacketBytes, 0, TestPeer.Soon, out ReceivedPacket? packet).IsOk)
        {
            packet!.Dispose();
        }
    }

    private static SeqpacketSocket Connect(string address)
    {
        CString path = CString.FromTerminated(CString.Allocate(address));
        Assert.Equal(Errno.None, SeqpacketSocket.Connect(path, SeqpacketOptions.None, TestPeer.Soon, out SeqpacketSocket? socket));
        return socket!;
    }

    // The service may be gone already, which is what the test is about.
    private static void Send(SeqpacketSocket socket, byte[] packet, params OwnedFd[] fds)
    {
        Errno errno = socket.Send(packet, fds, TestPeer.Soon);
        Assert.True(errno.IsOk || errno == Errno.EPIPE || errno == Errno.ECONNRESET, errno.ToString());
    }

    private static void ExpectGoodbye(SeqpacketSocket socket) =>
        Assert.NotEqual(0u, ReceiveUntil(socket, Tag.Goodbye, static packet => Goodbye.TryDecode(packet, out Goodbye goodbye) ? goodbye.ExitCode : 0));

    private static uint ReceiveUntil(SeqpacketSocket socket, Tag wanted, Func<byte[], uint> read)
    {
        while (true)
        {
            Assert.Equal(Errno.None, socket.Receive(Limits.PacketBytes, 0, TestPeer.Soon, out ReceivedPacket? packet));
            using (packet)
            {
                if (packet!.Bytes.TryReadTag(out Tag tag) && tag == wanted)
                {
                    return read(packet.Bytes.ToArray());
                }
            }
        }
    }
}
