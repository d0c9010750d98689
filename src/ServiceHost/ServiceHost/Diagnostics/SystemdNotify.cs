using System.Globalization;
using System.Text;
using ServiceHost.Linux;

namespace ServiceHost.Diagnostics;

/// <summary>
/// sd_notify(3) over a socket that stage 1 connects, because stage 2 can reach no path. Nothing here can fail in a way that
/// matters: without a service manager nobody listens.
/// </summary>
internal sealed class SystemdNotify : IDisposable
{
    private readonly OwnedFd? _socket;

    private SystemdNotify(OwnedFd? socket) => _socket = socket;

    /// <summary>What stage 2 inherits; null without a service manager.</summary>
    public OwnedFd? Socket => _socket;

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
        return new SystemdNotify(errno.IsOk ? socket : null);
    }

    public static SystemdNotify FromInherited(OwnedFd? socket) => new(socket);

    /// <summary>The service is up.</summary>
    public void Ready(string status) => Send($"READY=1\nSTATUS={OneLine(status)}");

    public void Stopping(string status) => Send($"STOPPING=1\nSTATUS={OneLine(status)}");

    /// <summary>
    /// The process to watch from now on. systemd takes notifications before it looks for exited children, so the sender can leave at
    /// once.
    /// </summary>
    public Errno MainProcess(int pid) => Send(string.Create(CultureInfo.InvariantCulture, $"MAINPID={pid}"));

    public void Dispose() => _socket?.Dispose();

    private Errno Send(string message) =>
        _socket is null ? Errno.None : Libc.SendDatagram(_socket, Encoding.UTF8.GetBytes(message));

    // A line end would begin another assignment.
    private static string OneLine(string text) => text.ReplaceLineEndings(" ");
}
