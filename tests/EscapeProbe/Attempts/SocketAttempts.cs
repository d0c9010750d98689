using System.Text;

namespace EscapeProbe;

/// <summary>Somebody to talk to: sockets of every family, the daemons of the host, and the connections that are there already.</summary>
internal static class SocketAttempts
{
    private const int Unix = 1;
    private const int Stream = 1;
    private const int Datagram = 2;
    private const int Raw = 3;
    private const int Seqpacket = 5;
    private const int UnixAddressSize = 110;

    public static IEnumerable<Attempt> All() => [.. Families(), .. Daemons(), .. Existing()];

    private static IEnumerable<Attempt> Families() =>
    [
        Attempt.Making("a Unix socket", X64Call.Socket, Unix, Stream, 0),
        Attempt.Making("an IPv4 socket", X64Call.Socket, 2, Stream, 0),
        Attempt.Making("an IPv6 socket", X64Call.Socket, 10, Stream, 0),
        Attempt.Making("a netlink socket", X64Call.Socket, 16, Raw, 0),
        Attempt.Making("a packet socket", X64Call.Socket, 17, Raw, 0),
        Attempt.Making("a raw socket", X64Call.Socket, 2, Raw, 1),
        Attempt.Making("a socket of a virtual machine", X64Call.Socket, 40, Stream, 0),
        Attempt.Making("a socket of the crypto engine", X64Call.Socket, 38, Seqpacket, 0),
        Attempt.Making("a Bluetooth socket", X64Call.Socket, 31, Raw, 1),
        new("a pair of sockets", static () => DescriptorPair.Make(X64Call.Socketpair, static pair => [Unix, Stream, 0, pair])),
    ];

    private static IEnumerable<Attempt> Daemons() =>
    [
        Daemon("connect to the broker", Seqpacket, "/run/fuservice/mountd"),
        Daemon("connect to the keeper", Seqpacket, "/run/fuservice/keeper"),
        Daemon("connect to another server", Seqpacket, "/run/fuservice/probe"),
        Daemon("connect to the message bus", Stream, "/run/dbus/system_bus_socket"),
        Daemon("connect to the journal", Datagram, "/run/systemd/journal/socket"),
        Daemon("connect to the service manager", Datagram, "/run/systemd/notify"),
        Daemon("connect to an abstract socket", Stream, "\0fuservice-escape"),
    ];

    /// <summary>On descriptor 0, which is no socket, so that unconfined the kernel says that.</summary>
    private static IEnumerable<Attempt> Existing() =>
    [
        new("connect an open descriptor", X64Call.Connect, 0, Address("/run/fuservice/mountd"), UnixAddressSize),
        new("bind an open descriptor", X64Call.Bind, 0, Address("\0fuservice-escape"), UnixAddressSize),
        new("listen on an open descriptor", X64Call.Listen, 0, 1),
        new("accept on an open descriptor", X64Call.Accept4, 0, 0, 0, 0),
        new("send to an address", X64Call.Sendto, 0, "x", 1, 0, Address("/run/systemd/journal/socket"), UnixAddressSize),
        new("send a message with descriptors", X64Call.Sendmsg, 0, new byte[56], 0),
        new("send many messages", X64Call.Sendmmsg, 0, new byte[64], 1, 0),
    ];

    private static Attempt Daemon(string name, int type, string path) => new(name, () =>
    {
        long socket = RawCall.Number((int)X64Call.Socket, Unix, type, 0);
        string result = socket < 0
            ? RawCall.Say(socket)
            : RawCall.Call((int)X64Call.Connect, (int)socket, Address(path), 2 + Encoding.UTF8.GetByteCount(path));
        RawCall.Closed(socket);
        return result;
    });

    private static byte[] Address(string path)
    {
        byte[] address = new byte[UnixAddressSize];
        address[0] = Unix;
        Encoding.UTF8.GetBytes(path, address.AsSpan(2));
        return address;
    }
}
