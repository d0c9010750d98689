using System.Globalization;
using System.Text;
using ServiceHost.Linux;

namespace ServiceHost.Diagnostics;

/// <summary>
/// sd_notify(3) over a socket that stage 1 connects, because stage 2 can reach no path. Nothing here can fail in a way that
/// matters: without a service manager nobody listens.
/// A unit listens to its main process only (NotifyAccess=main), and stage 2 is that process when stage 1 has said so; what it said before
/// would be lost, and with it the news that the service is up. A pipe whose other end stage 1 closes then makes stage 2 wait for it.
/// </summary>
internal sealed class SystemdNotify : IDisposable
{
    private readonly OwnedFd? _socket;
    private readonly OwnedFd? _turnHeld;

    private SystemdNotify(OwnedFd? socket) => _socket = socket;

    private SystemdNotify(OwnedFd socket, OwnedFd turn, OwnedFd held)
        : this(socket)
    {
        Turn = turn;
        _turnHeld = held;
    }

    /// <summary>What stage 2 inherits; null without a service manager.</summary>
    public OwnedFd? Socket => _socket;

    /// <summary>Also inherited: is at its end when stage 2 is the main process.</summary>
    public OwnedFd? Turn { get; }

    public bool IsConnected => _socket is not null;

    /// <summary>Connects to $NOTIFY_SOCKET (a path, or an abstract name after '@').</summary>
    public static SystemdNotify FromEnvironment()
    {
        string address = Environment.GetEnvironmentVariable("NOTIFY_SOCKET") ?? string.Empty;
        if (address is not ['/' or '@', _, ..])
        {
            return new SystemdNotify(null);
        }

        byte[] name = Encoding.UTF8.GetBytes(address);
        name[0] = name[0] == (byte)'@' ? (byte)0 : name[0];
        Errno errno = Libc.ConnectDatagram(name, out OwnedFd socket);
        if (errno.IsError)
        {
            return new SystemdNotify(null);
        }

        errno = Libc.Pipe(out OwnedFd turn, out OwnedFd held);
        return errno.IsOk
            ? new SystemdNotify(socket, turn, held)
            : throw new ServiceException($"cannot make a pipe for stage 2: {errno}");
    }

    /// <summary>In stage 2: returns when this process is the main one. A stage 1 that hangs is the deadline's matter.</summary>
    public static SystemdNotify FromInherited(OwnedFd? socket, OwnedFd? turn, Deadline deadline)
    {
        using (turn)
        {
            Errno errno = turn is null ? Errno.None : Libc.WaitReadable(turn, new Fd(-1), deadline);
            return errno.IsOk ? new SystemdNotify(socket) : throw new ServiceException($"stage 1 does not hand over: {errno}");
        }
    }

    /// <summary>The service is up.</summary>
    public void Ready(string status) => Send($"READY=1\nSTATUS={OneLine(status)}");

    public void Stopping(string status) => Send($"STOPPING=1\nSTATUS={OneLine(status)}");

    /// <summary>
    /// The process to watch from now on. systemd takes notifications before it looks for exited children, so the sender can leave at
    /// once.
    /// </summary>
    public Errno MainProcess(int pid)
    {
        Errno errno = Send(string.Create(CultureInfo.InvariantCulture, $"MAINPID={pid}"));
        _turnHeld?.Dispose();
        return errno;
    }

    public void Dispose()
    {
        _socket?.Dispose();
        Turn?.Dispose();
        _turnHeld?.Dispose();
    }

    private Errno Send(string message) =>
        _socket is null ? Errno.None : Libc.SendDatagram(_socket, Encoding.UTF8.GetBytes(message));

    // A line end would begin another assignment.
    private static string OneLine(string text) => text.ReplaceLineEndings(" ");
}
