using System.Globalization;
using ServiceHost.Linux;
using ServiceHost.MountProtocol;

namespace ServiceHost.Stages;

/// <summary>
/// sd_listen_fds(3): the connected socket that the service manager passes as descriptor 3, and who is meant by it. Exactly one is
/// expected, because every connection gets a process of its own (Accept=yes).
/// </summary>
internal static class Activation
{
    private const int FirstDescriptor = 3;

    /// <summary>False when this process was not started by a socket.</summary>
    public static bool IsPresent =>
        Environment.GetEnvironmentVariable("LISTEN_PID") is { } pid
        && int.TryParse(pid, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
        && number == Environment.ProcessId
        && Environment.GetEnvironmentVariable("LISTEN_FDS") is { Length: > 0 };

    public static (SeqpacketSocket Socket, ServiceAddress Address) Accept()
    {
        string count = Environment.GetEnvironmentVariable("LISTEN_FDS") ?? string.Empty;
        if (count != "1")
        {
            throw new ServiceException($"expected one connection from the service manager, got '{count}' (the socket unit needs Accept=yes)");
        }

        Errno errno = SeqpacketSocket.Adopt(OwnedFd.Take(FirstDescriptor), SeqpacketOptions.None, out SeqpacketSocket? socket);
        if (errno.IsError)
        {
            throw new ServiceException($"descriptor 3 is no connection of a ListenSequentialPacket= socket: {errno}");
        }

        errno = socket!.GetLocalPath(out byte[] path);
        if (errno.IsOk && ServiceAddress.TryParse(path, out ServiceAddress address))
        {
            return (socket, address);
        }

        socket.Dispose();
        throw new ServiceException(
            $"the socket's address '{DisplayText.FromBytes(path)}' is in neither /run/fuservice nor /run/filesystems, "
            + "so the dialect is unknown");
    }
}
