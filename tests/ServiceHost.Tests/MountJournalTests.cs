using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;
using ServiceHost.Connection;
using ServiceHost.Diagnostics;
using ServiceHost.Linux;

namespace ServiceHost.Tests;

/// <summary>What reaches the journal's socket, byte by byte; tests/Integration.Tests asks journald itself.</summary>
public sealed class MountJournalTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("journal-test.").FullName;
    private readonly Socket _journal = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
    private readonly OwnedFd _socket;

    public MountJournalTests()
    {
        _journal.Bind(new UnixDomainSocketEndPoint(_folder + "/socket"));
        Assert.True(Libc.ConnectDatagram(Encoding.UTF8.GetBytes(_folder + "/socket"), out _socket).IsOk);
    }

    public void Dispose()
    {
        _socket.Dispose();
        _journal.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void An_entry_names_the_program_and_the_mount()
    {
        MountJournal journal = new(_socket, "fuservice-t", Arguments("/disk", "/mnt"u8));
        Assert.True(journal.Send(LogLevel.Warning, "it is full").IsOk);
        Assert.Equal(
            "SYSLOG_IDENTIFIER=fuservice-t\nFUSERVICE_SOURCE=/disk\nFUSERVICE_MOUNT=/mnt\nPRIORITY=4\nMESSAGE=it is full\n",
            Encoding.UTF8.GetString(Receive()));
    }

    [Fact]
    public void No_value_can_begin_another_field()
    {
        MountJournal journal = new(_socket, "fuservice-t", Arguments("/disk\nPRIORITY=0", "/mnt"u8));
        Assert.True(journal.Send(LogLevel.Info, "one\ntwo").IsOk);
        byte[] length = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(length, 16);
        byte[] entry = Receive();
        Assert.True(entry.AsSpan().IndexOf((byte[])[.. "\nFUSERVICE_SOURCE\n"u8, .. length, .. "/disk\nPRIORITY=0\nFUSERVICE_MOUNT=/mnt\n"u8]) > 0);
        Assert.True(entry.AsSpan().EndsWith("MESSAGE\n\u0007\0\0\0\0\0\0\0one\ntwo\n"u8));
    }

    [Fact]
    public void A_name_of_any_bytes_stays_what_it_is()
    {
        MountJournal journal = new(_socket, "fuservice-t", Arguments("/disk", [(byte)'/', 0xFF]));
        Assert.True(journal.Send(LogLevel.Info, "x").IsOk);
        Assert.True(Receive().AsSpan().IndexOf((byte[])[.. "\nFUSERVICE_MOUNT=/"u8, 0xFF, (byte)'\n']) > 0);
    }

    [Fact]
    public void A_message_that_is_too_long_is_cut_between_two_characters()
    {
        MountJournal journal = new(_socket, "t", Arguments("/disk", "/mnt"u8));
        Assert.True(journal.Send(LogLevel.Error, "x" + new string('\u00e4', 40_000)).IsOk);
        byte[] entry = Receive();
        int message = entry.AsSpan().IndexOf("MESSAGE="u8) + "MESSAGE=".Length;
        Assert.Equal(JournalEntry.MaxMessageBytes - 1, entry.Length - message - 1);
        Assert.DoesNotContain('\ufffd', Encoding.UTF8.GetString(entry));
    }

    [Fact]
    public void A_journal_that_does_not_keep_up_makes_nobody_wait()
    {
        MountJournal journal = new(_socket, "t", Arguments("/disk", "/mnt"u8));
        Errno errno = Errno.None;
        for (int i = 0; i < 100_000 && errno.IsOk; i++)
        {
            errno = journal.Send(LogLevel.Info, "x");
        }

        Assert.Equal(Errno.EAGAIN, errno);
    }

    private static ServiceArguments Arguments(string source, ReadOnlySpan<byte> mountpoint) => new()
    {
        Type = "t",
        Source = Encoding.UTF8.GetBytes(source),
        Mountpoint = mountpoint.ToArray(),
        OptionText = string.Empty,
    };

    private byte[] Receive()
    {
        byte[] buffer = new byte[1 << 17];
        return buffer[.._journal.Receive(buffer)];
    }
}
