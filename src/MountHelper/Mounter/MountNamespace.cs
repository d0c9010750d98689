using System.Text;
using ServiceHost.Linux;
using ServiceHost.MountProtocol;

namespace MountHelper;

/// <summary>
/// mount -N: the mount namespace in which SOURCE and MOUNTPOINT are found and the mount appears. Only this thread goes there, and
/// only while something has to be looked up or attached there: services, policy and registry stay those of our own namespace.
/// </summary>
public sealed class MountNamespace : IDisposable
{
    private readonly OwnedFd _own;
    private readonly OwnedFd _other;

    private MountNamespace(OwnedFd own, OwnedFd other) => (_own, _other) = (own, other);

    /// <summary><paramref name="text"/> is a process id or the path of a namespace, as mount(8) passes it.</summary>
    public static MountNamespace Open(ReadOnlySpan<byte> text)
    {
        bool isPid = text.Length > 0 && text.IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0;
        byte[] path = isPid ? Encoding.ASCII.GetBytes($"/proc/{Encoding.ASCII.GetString(text)}/ns/mnt\0") : [.. text, 0];
        OwnedFd own = OpenOne(CString.FromTerminated("/proc/self/ns/mnt\0"u8), "our own mount namespace");
        OwnedFd other = OpenOne(CString.FromTerminated(path), $"the mount namespace {DisplayText.FromBytes(text)}");
        Errno errno = Libc.UnshareWorkingDirectory();
        return errno.IsOk
            ? new MountNamespace(own, other)
            : throw new MountFailedException("cannot leave the shared working directory", errno);
    }

    /// <summary>Until the result is disposed of, this thread is in the other namespace.</summary>
    public IDisposable Enter()
    {
        Errno errno = Libc.JoinMountNamespace(_other);
        return errno.IsOk ? new Scope(_own) : throw new MountFailedException("cannot enter the mount namespace", errno);
    }

    public void Dispose()
    {
        _own.Dispose();
        _other.Dispose();
    }

    private static OwnedFd OpenOne(CString path, string what)
    {
        Errno errno = Libc.Openat(Fd.Cwd, path, OpenFlags.ReadOnly | OpenFlags.NonBlocking, 0, out OwnedFd fd);
        return errno.IsOk ? fd : throw new MountFailedException(what, errno);
    }

    private sealed class Scope(OwnedFd own) : IDisposable
    {
        public void Dispose()
        {
            Errno errno = Libc.JoinMountNamespace(own);
            if (errno.IsError)
            {
                throw new MountFailedException("cannot return from the mount namespace", errno);
            }
        }
    }
}
