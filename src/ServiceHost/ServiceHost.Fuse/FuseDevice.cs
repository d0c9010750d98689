using ServiceHost.Linux;

namespace ServiceHost.Fuse;

/// <summary>
/// One /dev/fuse descriptor of a connection. It owns the descriptor, and a late <see cref="Send"/> (a deferred reply, a notification) from
/// another thread keeps it open for the length of the call or finds it closed.
/// </summary>
internal sealed class FuseDevice(OwnedFd fd) : IReplyChannel, IDisposable
{
    /// <summary>Only while the device cannot be disposed: the workers, which end before it.</summary>
    public Fd Fd => fd.Borrow();

    /// <summary>
    /// One request. EAGAIN: none is there. ENODEV: unmounted. ECONNABORTED: aborted. ENOENT (the request was interrupted while it was copied) and
    /// EINTR mean nothing and the next one is read.
    /// </summary>
    public Errno Read(Span<byte> buffer, out int length)
    {
        Errno errno;
        do
        {
            errno = Libc.Read(Fd, buffer, out length);
        }
        while (errno == Errno.ENOENT || errno == Errno.EINTR);

        return errno;
    }

    /// <summary>
    /// A worker's reply. ENOENT: nobody waits for it any more. EINVAL: the kernel does not take it, and the caller has got EIO.
    /// </summary>
    public Errno Reply(ReadOnlySpan<byte> message)
    {
        Errno errno;
        do
        {
            errno = Libc.Write(Fd, message, out _);
        }
        while (errno == Errno.EINTR);

        return errno;
    }

    public Errno Send(ReadOnlySpan<byte> head, ReadOnlySpan<byte> body)
    {
        bool taken = false;
        try
        {
            fd.DangerousAddRef(ref taken);
            Errno errno;
            do
            {
                errno = Libc.Writev(Fd, head, body, out _);
            }
            while (errno == Errno.EINTR);

            return errno;
        }
        catch (ObjectDisposedException)
        {
            return Errno.ENODEV;
        }
        finally
        {
            if (taken)
            {
                fd.DangerousRelease();
            }
        }
    }

    public void Dispose() => fd.Dispose();
}
