using ServiceHost.Linux;

namespace ServiceHost.Fuse;

/// <summary>
/// Registers by the ioctl itself, which the kernel allows to CAP_SYS_ADMIN in the first user namespace only: for a server that really is root.
/// The session's own device is used and stays the session's.
/// </summary>
public sealed class DirectBackingFiles : IBackingFiles
{
    private readonly OwnedFd _device;
    private readonly ThreadIdentity _identity;

    public DirectBackingFiles(OwnedFd device)
    {
        Errno errno = ThreadIdentity.Capture(out _identity);
        if (errno.IsError)
        {
            throw new InvalidOperationException($"Reading the process' own credentials failed: {errno}");
        }

        _device = device;
    }

    public Errno Register(Fd file, out int backingId)
    {
        backingId = 0;
        Errno errno = Use(out bool isOpen);
        if (!isOpen)
        {
            return errno;
        }

        try
        {
            // The kernel writes with the rights of this moment. With CAP_FSETID, or in the file's group, a user's write would leave set-ID bits
            // where they are.
            using WithoutFsetid guard = WithoutFsetid.When(true, _identity, FuseProtocol.InvalidId);
            errno = Libc.FuseBackingOpen(_device, file, out backingId);
        }
        finally
        {
            _device.DangerousRelease();
        }

        // Neither the rights of this process nor what INIT agreed on will change.
        return errno == Errno.EPERM ? Errno.EOPNOTSUPP : errno;
    }

    public void Release(int backingId)
    {
        _ = Use(out bool isOpen);
        if (isOpen)
        {
            // An id that is unknown was ended with its connection.
            _ = Libc.FuseBackingClose(_device, backingId);
            _device.DangerousRelease();
        }
    }

    // The session may be closing the device meanwhile.
    private Errno Use(out bool isOpen)
    {
        isOpen = false;
        try
        {
            _device.DangerousAddRef(ref isOpen);
            return Errno.None;
        }
        catch (ObjectDisposedException)
        {
            return Errno.ENOTCONN;
        }
    }
}
