using System.Globalization;
using System.Text;
using ServiceHost.Linux;

namespace MountHelper;

/// <summary>
/// The directory of one connection in fusectl, seen through a mount of our own that is attached nowhere. It tells what became of INIT
/// without sending a request that a silent server could keep us waiting for, and it can abort the connection, after which closing the
/// mount waits for nobody (a fuseblk mount would wait for DESTROY).
/// </summary>
internal sealed class ConnectionControl : IDisposable
{
    // No server asks for this many background requests. It stands there until the kernel takes the INIT reply, which names another.
    private const string Mark = "65535";

    private readonly OwnedFd _root;
    private readonly uint _connection;
    private readonly bool _marked;

    private ConnectionControl(OwnedFd root, uint connection)
    {
        _root = root;
        _connection = connection;
        _marked = Write("max_background", Mark).IsOk;
    }

    /// <summary>null where fusectl cannot be mounted: then nothing is known of INIT, and nothing needs it to be.</summary>
    public static ConnectionControl? Open(uint connection)
    {
        if (Libc.Fsopen(CString.FromTerminated("fusectl\0"u8), out OwnedFd context).IsError)
        {
            return null;
        }

        using (context)
        {
            bool made = Libc.FsconfigCreate(context).IsOk & Libc.Fsmount(context, MountAttributes.None, out OwnedFd root).IsOk;
            return made ? new ConnectionControl(root, connection) : null;
        }
    }

    public InitState ReadInitState()
    {
        if (!_marked || Read("waiting") is not string waiting || Read("max_background") is not string background)
        {
            return InitState.Unknown;
        }

        return waiting != "0" ? InitState.Unanswered : background == Mark ? InitState.Refused : InitState.Accepted;
    }

    public void Abort() => Write("abort", "1");

    public void Dispose() => _root.Dispose();

    private Errno Write(string name, string value)
    {
        Errno errno = Open(name, OpenFlags.WriteOnly, out OwnedFd file);
        using (file)
        {
            return errno.IsError ? errno : Libc.Write(file, Encoding.ASCII.GetBytes(value), out _);
        }
    }

    private string? Read(string name)
    {
        Errno errno = Open(name, OpenFlags.ReadOnly, out OwnedFd file);
        using (file)
        {
            Span<byte> buffer = stackalloc byte[32];
            int count = 0;
            errno = errno.IsError ? errno : Libc.Read(file, buffer, out count);
            return errno.IsOk ? Encoding.ASCII.GetString(buffer[..count]).TrimEnd('\n') : null;
        }
    }

    private Errno Open(string name, OpenFlags flags, out OwnedFd file)
    {
        byte[] path = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{_connection}/{name}\0"));
        return Libc.Openat(_root, CString.FromTerminated(path), flags | OpenFlags.NoFollow, 0, out file);
    }
}
