using ServiceHost.Linux;

namespace ServiceHost.Fuse;

/// <summary>An event that is set once and stays set, as a descriptor that every worker's epoll watches.</summary>
internal sealed class StopEvent : IDisposable
{
    private static readonly byte[] s_one = BitConverter.GetBytes(1UL);
    private readonly OwnedFd _eventfd;

    public StopEvent()
    {
        Errno errno = Libc.Eventfd(out _eventfd);
        if (errno.IsError)
        {
            throw new InvalidOperationException($"No eventfd: {errno}.");
        }
    }

    public Fd Fd => _eventfd.Borrow();

    /// <summary>Any thread, also after <see cref="Dispose"/>: nobody watches then.</summary>
    public void Set()
    {
        bool taken = false;
        try
        {
            _eventfd.DangerousAddRef(ref taken);

            // Adding one to an eventfd that nobody reads fails only at 2^64 - 1.
            _ = Libc.Write(Fd, s_one, out _);
        }
        catch (ObjectDisposedException)
        {
            return;
        }
        finally
        {
            if (taken)
            {
                _eventfd.DangerousRelease();
            }
        }
    }

    public void Dispose() => _eventfd.Dispose();
}
