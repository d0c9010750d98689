using ServiceHost.Keeper;
using ServiceHost.Linux;
using ServiceHost.MountProtocol;

namespace ServiceHost.Tests;

/// <summary>The server's side of the conversation, with a keeper that says what a test wants.</summary>
public sealed class KeeperBackingFilesTests : IDisposable
{
    private const int Quota = 10;
    private readonly SeqpacketSocket _keeper;
    private readonly KeeperBackingFiles _files;
    private readonly List<string> _warnings = [];

    public KeeperBackingFilesTests()
    {
        Assert.Equal(Errno.None, SeqpacketSocket.CreatePair(SeqpacketOptions.None, out SeqpacketSocket? server, out SeqpacketSocket? keeper));
        _keeper = keeper!;
        _files = new KeeperBackingFiles(server!.Handle, _warnings.Add);
    }

    public void Dispose()
    {
        _files.Dispose();
        _keeper.Dispose();
    }

    [Fact]
    public void The_first_request_is_preceded_by_a_hello()
    {
        Assert.Equal((Errno.None, 7), Register(KeeperMessage.HelloReply(Quota), KeeperMessage.Answer(7)));
        Assert.Equal((Errno.None, 8), Register(KeeperMessage.Answer(8)));
        Assert.Equal([Tag.Hello, Tag.KeeperRegister, Tag.KeeperRegister], Heard());
        Assert.Empty(_warnings);
    }

    [Theory]
    [InlineData(KeeperRefusal.Kernel, 40, 40)] // ELOOP: this file alone
    [InlineData(KeeperRefusal.Quota, 28, 28)] // ENOSPC: later perhaps
    [InlineData(KeeperRefusal.Kernel, 1, 95)] // EPERM: no file of this mount
    [InlineData(KeeperRefusal.Kernel, 95, 95)] // EOPNOTSUPP: none on this kernel
    public void A_refusal_ends_nothing_but_what_it_says(KeeperRefusal refusal, int errno, int expected)
    {
        Assert.Equal((new Errno(expected), 0), Register(KeeperMessage.HelloReply(Quota), KeeperMessage.Refuse(refusal, new Errno(errno))));
        Assert.Equal((Errno.None, 3), Register(KeeperMessage.Answer(3)));
    }

    [Fact]
    public void A_keeper_that_is_not_understood_is_asked_no_more_and_keeps_the_ids_that_there_are()
    {
        Register(KeeperMessage.HelloReply(Quota), KeeperMessage.Answer(1));
        Assert.Equal((Errno.ENOTCONN, 0), Register(KeeperMessage.Goodbye));
        int heard = Heard().Count;

        Assert.Equal((Errno.ENOTCONN, 0), Register());
        _files.Release(1);

        Assert.Equal(3, heard);
        Assert.Empty(Heard());
        Assert.Contains("no keeper any more", Assert.Single(_warnings), StringComparison.Ordinal);

        // To close the channel is to end the ids of files that are open, and with them every further open of these.
        Assert.False(Libc.HasPeerLeft(_keeper.Handle));
        _files.Dispose();
        Assert.True(Libc.HasPeerLeft(_keeper.Handle));
    }

    /// <summary>The answers lie there already when the questions come.</summary>
    private (Errno Errno, int Id) Register(params KeeperMessage[] answers)
    {
        byte[] packet = new byte[KeeperMessage.Size];
        foreach (KeeperMessage answer in answers)
        {
            answer.Encode(packet);
            Assert.Equal(Errno.None, Libc.SendNow(_keeper.Handle, packet));
        }

        using TrackedMemfd file = new([]);
        return (_files.Register(file.Fd, out int id), id);
    }

    private List<Tag> Heard()
    {
        List<Tag> tags = [];
        byte[] packet = new byte[KeeperMessage.Size];
        while (true)
        {
            using FdList fds = new(1);
            if (Libc.ReceiveNow(_keeper.Handle, packet, fds, out int size).IsError || !KeeperMessage.TryDecode(packet.AsSpan(0, size), out KeeperMessage message))
            {
                return tags;
            }

            tags.Add(message.Tag);
        }
    }
}
