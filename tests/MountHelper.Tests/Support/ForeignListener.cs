using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace MountHelper.Tests;

/// <summary>A socket in the place of a service, on which another user listens; what it hears is counted.</summary>
internal sealed class ForeignListener : IDisposable
{
    private const int SYS_setresuid = 117;

    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Seqpacket, ProtocolType.Unspecified);

    public ForeignListener(string path, uint uid)
    {
        _listener.Bind(new UnixDomainSocketEndPoint(path));
        Thread thread = new(() =>
        {
            // SO_PEERCRED of the other side is whoever called listen(2), by effective uid; it is this thread's alone.
            syscall(SYS_setresuid, -1, (int)uid, -1);
            _listener.Listen(4);
        });
        thread.Start();
        thread.Join();
    }

    public int BytesHeard()
    {
        if (!_listener.Poll(0, SelectMode.SelectRead))
        {
            return 0;
        }

        using Socket accepted = _listener.Accept();
        accepted.ReceiveTimeout = 1000;
        return accepted.Receive(new byte[65536]);
    }

    public void Dispose() => _listener.Dispose();

    [DllImport("libc")]
    private static extern nint syscall(nint number, nint a, nint b, nint c);
}
