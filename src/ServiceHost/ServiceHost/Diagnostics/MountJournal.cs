using System.Text;
using ServiceHost.Connection;
using ServiceHost.Linux;

namespace ServiceHost.Diagnostics;

/// <summary>
/// The journal, with the identity of the mount as fields of every entry. Stage 1 connects the socket, because stage 2 reaches no path; a
/// connected one can be written to and nothing else. The fields are the word of the server; what journald adds itself (_PID, _SYSTEMD_UNIT)
/// is not.
/// </summary>
internal sealed class MountJournal(OwnedFd socket, string program, ServiceArguments arguments)
{
    private readonly byte[] _identity = new JournalEntry([])
        .Add("SYSLOG_IDENTIFIER", Encoding.ASCII.GetBytes(program))
        .Add("FUSERVICE_SOURCE", arguments.Source)
        .Add("FUSERVICE_MOUNT", arguments.Mountpoint)
        .ToArray();

    private static ReadOnlySpan<byte> Address => "/run/systemd/journal/socket"u8;

    /// <summary>Null where no journal listens; standard error is left then.</summary>
    public static OwnedFd? Connect() => Libc.ConnectDatagram(Address, out OwnedFd socket).IsOk ? socket : null;

    /// <summary>Without waiting: EAGAIN when the journal does not keep up.</summary>
    public Errno Send(LogLevel level, string text) => Libc.SendDatagram(socket, new JournalEntry(_identity).Message(level, text).ToArray());
}
