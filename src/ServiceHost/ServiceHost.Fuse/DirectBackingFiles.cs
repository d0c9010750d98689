using ServiceHost.Linux;

namespace ServiceHost.Fuse;

/// <summary>
/// Registers by the ioctl itself, which the kernel allows to CAP_SYS_ADMIN in the first user namespace only: for a server that really is root.
/// The session's own device is used and stays the session's.
/// </summary>
public sealed class DirectBackingFiles(OwnedFd device) : IBackingFiles
{
    public Errno Register(Fd file, out int backingId)
    {
        backingId = 0;
        Errno errno = Use(device, out bool isOpen);
        if (!isOpen)
        {
            return errno;
        }

        try
        {
            errno = Libc.FuseBackingOpen(device, file, out backingId);
        }
        finally
        {
            device.DangerousRelease();
        }

        // Neither the rights of this process nor what INIT agreed on will change.
        return errno == Errno.EPERM ? Errno.EOPNOTSUPP : errno;
    }

    public void Release(int backingId)
    {
        _ = Use(device, out bool isOpen);
        if (isOpen)
        {
            // An id that is unknown was ended with its connection.
            _ = Libc.FuseBackingClose(device, backingId);
            device.DangerousRelease();
        }
    }

    // The session may be closing the device meanwhile.
    private static Errno Use(OwnedFd device, out bool isOpen)
    {
        isOpen = false;
        try
        {
            device.DangerousAddRef(ref isOpen);
            return Errno.None;
        }
        catch (ObjectDisposedException)
        {
            return Errno.ENOTCONN;
        }
    }
}
