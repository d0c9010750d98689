using System.Runtime.InteropServices;

namespace ServiceHost.Linux.Tests;

public sealed class SeqpacketSocketTests
{
    private static Deadline Soon => Deadline.In(Wait.Patience);

    [Fact]
    public void A_packet_arrives_whole_with_its_descriptors_in_order()
    {
        (SeqpacketSocket here, SeqpacketSocket there) = Pair();
        using (here)
        using (there)
        using (OwnedFd first = Memfd("1"))
        using (OwnedFd second = Memfd("22"))
        {
            Assert.Equal(Errno.None, here.Send("hello"u8, [first, second], Soon));
            Assert.Equal(Errno.None, there.Receive(5, 2, Soon, out ReceivedPacket? packet));
            using (packet)
            {
                Assert.Equal("hello"u8, packet!.Bytes);
                Assert.Null(packet.Sender);
                using OwnedFd b = packet.Fds.Take(1);
                Assert.Equal(2, SizeOf(b));
                Assert.Equal(1, SizeOf(packet.Fds[0]));
                Assert.True(IsCloseOnExec(b.Number));
                Assert.Throws<InvalidOperationException>(() => packet.Fds.Take(1));
            }
        }
    }

    [Fact]
    public void A_socket_that_is_closed_to_packet_filters_stays_so()
    {
        (SeqpacketSocket here, SeqpacketSocket there) = Pair();
        using (here)
        using (there)
        using (OwnedFd file = Memfd("no socket"))
        {
            Assert.True(TryUnlockFilter(here.Handle));
            Assert.Equal(Errno.None, Libc.LockPacketFilter(here.Handle));
            Assert.False(TryUnlockFilter(here.Handle));
            Assert.Equal(Errno.None, Libc.LockPacketFilter(file));
            Assert.Equal(Errno.None, here.Send("still"u8, [], Soon));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(253)]
    public void One_descriptor_too_many_is_an_error_and_none_stays_open(int count)
    {
        (SeqpacketSocket here, SeqpacketSocket there) = Pair();
        using (here)
        using (there)
        using (OwnedFd sent = Memfd("x"))
        {
            OwnedFd[] many = [.. Enumerable.Repeat(sent, count)];
            Assert.Equal(Errno.None, here.Send("p"u8, many, Soon));
            Assert.Equal(Errno.EBADMSG, there.Receive(1, count - 1, Soon, out ReceivedPacket? refused));
            Assert.Null(refused);
            Assert.Equal(1, Copies(sent));
            Assert.Equal(Errno.None, here.Send("p"u8, many, Soon));
            Assert.Equal(Errno.None, there.Receive(1, count, Soon, out ReceivedPacket? packet));
            Assert.Equal(1 + count, Copies(sent));
            packet!.Dispose();
            Assert.Equal(1, Copies(sent));
        }
    }

    [Fact]
    public void The_socket_works_on_after_a_packet_with_too_many()
    {
        (SeqpacketSocket here, SeqpacketSocket there) = Pair();
        using (here)
        using (there)
        using (OwnedFd sent = Memfd("x"))
        {
            here.Send("bad"u8, [sent], Soon);
            here.Send("good"u8, [], Soon);
            Assert.Equal(Errno.EBADMSG, there.Receive(4, 0, Soon, out _));
            Assert.Equal(Errno.None, there.Receive(4, 0, Soon, out ReceivedPacket? packet));
            Assert.Equal("good"u8, packet!.Bytes);
            packet.Dispose();
        }
    }

    [Fact]
    public void A_packet_beyond_the_bound_is_not_taken()
    {
        (SeqpacketSocket here, SeqpacketSocket there) = Pair();
        using (here)
        using (there)
        {
            here.Send(new byte[100], [], Soon);
            Assert.Equal(Errno.EMSGSIZE, there.Receive(99, 0, Soon, out _));
            Assert.Equal(Errno.None, there.Receive(100, 0, Soon, out ReceivedPacket? packet));
            Assert.Equal(100, packet!.Bytes.Length);
            packet.Dispose();
        }
    }

    [Fact]
    public void The_end_and_an_empty_packet_are_the_same()
    {
        (SeqpacketSocket here, SeqpacketSocket there) = Pair();
        using (there)
        {
            using (here)
            {
                here.Send([], [], Soon);
                Assert.Equal(Errno.ECONNRESET, there.Receive(10, 0, Soon, out _));
            }

            Assert.Equal(Errno.ECONNRESET, there.Receive(10, 0, Soon, out _));
            Assert.Equal(Errno.EPIPE, there.Send("x"u8, [], Soon));
        }
    }

    [Fact]
    public void What_was_sent_before_the_end_still_arrives()
    {
        (SeqpacketSocket here, SeqpacketSocket there) = Pair();
        using (there)
        {
            here.Send("last words"u8, [], Soon);
            here.Dispose();
            Assert.Equal(Errno.None, there.Receive(10, 0, Soon, out ReceivedPacket? packet));
            packet!.Dispose();
            Assert.Equal(Errno.ECONNRESET, there.Receive(10, 0, Soon, out _));
        }
    }

    [Fact]
    public void Silence_lasts_until_the_deadline()
    {
        (SeqpacketSocket here, SeqpacketSocket there) = Pair();
        using (here)
        using (there)
        {
            long start = Environment.TickCount64;
            Assert.Equal(Errno.ETIMEDOUT, there.Receive(10, 0, Deadline.In(TimeSpan.FromMilliseconds(80)), out _));
            Assert.InRange(Environment.TickCount64 - start, 75, 60_000);
            Assert.Equal(Errno.ETIMEDOUT, there.Receive(10, 0, Deadline.In(TimeSpan.Zero), out _));
        }
    }

    [Fact]
    public void A_peer_that_does_not_read_costs_the_deadline()
    {
        (SeqpacketSocket here, SeqpacketSocket there) = Pair();
        using (here)
        using (there)
        {
            Errno errno = Errno.None;
            for (int i = 0; i < 100_000 && errno.IsOk; i++)
            {
                errno = here.Send(new byte[4096], [], Deadline.In(TimeSpan.FromMilliseconds(50)));
            }

            Assert.Equal(Errno.ETIMEDOUT, errno);
        }
    }

    [Fact]
    public void Credentials_come_with_each_packet_when_they_were_asked_for()
    {
        Assert.Equal(
            Errno.None,
            SeqpacketSocket.CreatePair(SeqpacketOptions.ReceiveCredentials, out SeqpacketSocket? here, out SeqpacketSocket? there));
        using (here)
        using (there)
        using (OwnedFd sent = Memfd("x"))
        {
            here!.Send("p"u8, [sent, sent], Soon);
            Assert.Equal(Errno.EBADMSG, there!.Receive(1, 1, Soon, out _));
            Assert.Equal(1, Copies(sent));
            here.Send("p"u8, [sent], Soon);
            Assert.Equal(Errno.None, there.Receive(1, 1, Soon, out ReceivedPacket? packet));
            Assert.Equal(Environment.ProcessId, packet!.Sender!.Value.ProcessId);
            Assert.Equal(1, packet.Fds.Count);
            packet.Dispose();
        }
    }

    [Fact]
    public void Descriptors_that_are_refused_do_not_arrive()
    {
        (SeqpacketSocket here, SeqpacketSocket there) = Pair();
        using (here)
        using (there)
        using (OwnedFd sent = Memfd("x"))
        {
            Errno supported = there.RefuseDescriptors();
            Errno errno = here.Send("p"u8, [sent], Soon);
            if (supported == Errno.ENOPROTOOPT)
            {
                // Kernels before 6.16: it is sent, and dropped by a receive without room.
                Assert.Equal(Errno.None, errno);
                Assert.Equal(Errno.EBADMSG, there.Receive(1, 0, Soon, out _));
            }
            else
            {
                Assert.Equal(Errno.EPERM, errno);
            }

            Assert.Equal(1, Copies(sent));
        }
    }

    [Fact]
    public void The_other_end_of_a_pair_is_this_process()
    {
        (SeqpacketSocket here, SeqpacketSocket there) = Pair();
        using (here)
        using (there)
        {
            Assert.Equal(Errno.None, here.GetPeer(out PeerCredentials peer));
            Assert.Equal(Environment.ProcessId, peer.ProcessId);
            Assert.Equal(Errno.None, here.GetPeerGroups(out uint[] groups));
            Assert.Equal(groups.Length, groups.Distinct().Count());
            Assert.Equal(Errno.None, here.GetLocalPath(out byte[] path));
            Assert.Empty(path);
        }
    }

    [Fact]
    public void Connecting_to_nobody_is_ENOENT_or_ECONNREFUSED_and_too_long_a_path_ENAMETOOLONG()
    {
        string missing = Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString("N"));
        Assert.Equal(Errno.ENOENT, Connect(missing));
        Assert.Equal(Errno.ENAMETOOLONG, Connect("/" + new string('x', 107)));
        File.WriteAllText(missing, string.Empty);
        Assert.Equal(Errno.ECONNREFUSED, Connect(missing));
        File.Delete(missing);
    }

    [Fact]
    public void Only_a_SEQPACKET_socket_of_AF_UNIX_is_adopted()
    {
        Assert.Equal(Errno.ENOTSOCK, SeqpacketSocket.Adopt(Memfd("x"), SeqpacketOptions.None, out _));
        Assert.Equal(Errno.EBADF, SeqpacketSocket.Adopt(new OwnedFd(), SeqpacketOptions.None, out _));
        using System.Net.Sockets.Socket socket = new(
            System.Net.Sockets.AddressFamily.Unix, System.Net.Sockets.SocketType.Dgram, System.Net.Sockets.ProtocolType.Unspecified);
        Assert.Equal(Errno.None, Libc.Duplicate(new Fd((int)socket.Handle), out OwnedFd datagram));
        Assert.Equal(Errno.EPROTOTYPE, SeqpacketSocket.Adopt(datagram, SeqpacketOptions.None, out _));
        Assert.True(datagram.IsClosed);
    }

    private static (SeqpacketSocket Here, SeqpacketSocket There) Pair()
    {
        Assert.Equal(Errno.None, SeqpacketSocket.CreatePair(SeqpacketOptions.None, out SeqpacketSocket? a, out SeqpacketSocket? b));
        return (a!, b!);
    }

    private static Errno Connect(string path) =>
        SeqpacketSocket.Connect(CString.FromTerminated(CString.Allocate(path)), SeqpacketOptions.RefuseDescriptors, Soon, out _);

    private static OwnedFd Memfd(string content)
    {
        Assert.Equal(
            Errno.None,
            SealedMemfd.Create(
                CString.FromTerminated(CString.Allocate("socket-test-" + Guid.NewGuid().ToString("N"))),
                System.Text.Encoding.ASCII.GetBytes(content),
                out OwnedFd fd));
        return fd;
    }

    private static long SizeOf(Fd fd)
    {
        Assert.Equal(Errno.None, Libc.Statx(fd, StatxMask.Size, out Statx stat));
        return (long)stat.Size;
    }

    private static string LinkOf(int number) => new FileInfo($"/proc/self/fd/{number}").LinkTarget ?? string.Empty;

    private static int Copies(OwnedFd fd)
    {
        string link = LinkOf(fd.Number);
        return Directory.EnumerateFileSystemEntries("/proc/self/fd").Count(path => new FileInfo(path).LinkTarget == link);
    }

    private static bool IsCloseOnExec(int number) =>
        File.ReadLines($"/proc/self/fdinfo/{number}").Any(static line =>
            line.StartsWith("flags:", StringComparison.Ordinal) && (Convert.ToInt32(line[6..].Trim(), 8) & 0x8_0000) != 0);

    private static bool TryUnlockFilter(Fd socket)
    {
        const int SOL_SOCKET = 1, SO_LOCK_FILTER = 44;
        int off = 0;
        return setsockopt(socket.Number, SOL_SOCKET, SO_LOCK_FILTER, ref off, sizeof(int)) == 0;
    }

    [DllImport("libc")]
    private static extern int setsockopt(int socket, int level, int name, ref int value, uint length);
}
