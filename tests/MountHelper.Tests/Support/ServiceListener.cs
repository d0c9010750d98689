using System.Net.Sockets;
using System.Runtime.InteropServices;
using ServiceHost.Linux;

namespace MountHelper.Tests;

/// <summary>
/// Listens where a service would, and runs a script against whoever connects, on a thread of its own that has taken the uid of a
/// service: the kernel shows that uid to the Mounter.
/// </summary>
internal sealed class ServiceListener : IDisposable
{
    public const uint JoinerUid = 4242;

    private const int SYS_setresuid = 117;

    private readonly Socket _listener;
    private readonly Thread _thread;
    private readonly Action<ServerEnd> _script;

    public ServiceListener(string path, Action<ServerEnd> script, uint uid = JoinerUid)
    {
        _script = script;
        _listener = new Socket(AddressFamily.Unix, SocketType.Seqpacket, ProtocolType.Unspecified);
        _listener.Bind(new UnixDomainSocketEndPoint(path));
        _listener.Listen(8);
        _thread = new Thread(() => Serve(uid)) { IsBackground = true };
        _thread.Start();
    }

    /// <summary>What the server end saw; complete after <see cref="Finish"/>.</summary>
    public ServerEnd? End { get; private set; }

    public Exception? ScriptError { get; private set; }

    public int Connections { get; private set; }

    /// <summary>Changes the uid of the calling thread alone, as the kernel attests it on packets.</summary>
    public static void BecomeUid(uint uid) => Assert.Equal(0, syscall(SYS_setresuid, unchecked((int)uid), -1, -1));

    /// <summary>Waits until the script has ended and fails with what it asserted in vain.</summary>
    public void Finish()
    {
        Assert.True(_thread.Join(Wait.Patience), "the script of the server did not end");
        if (ScriptError is not null)
        {
            throw new InvalidOperationException($"the script failed: {ScriptError.Message}", ScriptError);
        }
    }

    public void Dispose()
    {
        _listener.Dispose();
        _thread.Join(TimeSpan.FromSeconds(5));
        End?.Dispose();
    }

    private void Serve(uint uid)
    {
        try
        {
            using Socket accepted = _listener.Accept();
            Connections++;
            int copy = dup(accepted.Handle.ToInt32());
            accepted.Dispose();
            BecomeUid(uid);
            End = new ServerEnd(OwnedFd.Take(copy));
            _script(End);
        }
        catch (SocketException) when (Connections == 0)
        {
            // The listener was closed and nobody had come.
        }
        catch (Exception error)
        {
            ScriptError = error;
        }
        finally
        {
            End?.HangUp();
        }
    }

    [DllImport("libc")]
    private static extern nint syscall(nint number, nint a, nint b, nint c);

    [DllImport("libc")]
    private static extern int dup(int fd);
}
