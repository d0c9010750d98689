using ServiceHost.Linux;

namespace MountHelper;

/// <summary>
/// Holds an image for one mount: flock(2) on the description that the server gets, exclusive when it may write, shared when not, so
/// that it lasts exactly as long as the server has the file. A block device needs none: its mount is the claim. A server that asks
/// for the same file again, with other rights, moves the lock.
/// </summary>
internal sealed class SourceLock : IDisposable
{
    private OwnedFd? _locked;

    /// <summary>EWOULDBLOCK (EAGAIN) when another mount has the file. A filesystem without locks is no reason to refuse.</summary>
    public Errno Take(OwnedFd opened, bool writable)
    {
        if (_locked is not null)
        {
            Libc.Flock(_locked, FlockOperation.Unlock);
        }

        FlockOperation operation = writable ? FlockOperation.Exclusive : FlockOperation.Shared;
        Errno errno = Libc.Flock(opened, operation | FlockOperation.NonBlocking);
        if (errno == Errno.EAGAIN)
        {
            return errno;
        }

        _locked?.Dispose();
        _locked = null;
        return Libc.Duplicate(opened, out _locked);
    }

    public void Dispose() => _locked?.Dispose();
}
