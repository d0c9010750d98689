using System.Net.Sockets;

namespace MountHelper.Tests;

/// <summary>A socket that listens and never accepts, with as many connections waiting as it takes.</summary>
internal sealed class FullBacklog : IDisposable
{
    private readonly Socket _listener = New();
    private readonly List<Socket> _waiting = [];

    public FullBacklog(string path)
    {
        UnixDomainSocketEndPoint address = new(path);
        _listener.Bind(address);
        _listener.Listen(1);
        bool full = false;
        while (!full)
        {
            Socket client = New();
            client.Blocking = false;
            _waiting.Add(client);
            try
            {
                client.Connect(address);
            }
            catch (SocketException)
            {
                full = true;
            }
        }
    }

    public void Dispose()
    {
        _waiting.ForEach(static socket => socket.Dispose());
        _listener.Dispose();
    }

    private static Socket New() => new(AddressFamily.Unix, SocketType.Seqpacket, ProtocolType.Unspecified);
}
