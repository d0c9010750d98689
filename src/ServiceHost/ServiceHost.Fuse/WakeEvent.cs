using ServiceHost.Linux;

namespace ServiceHost.Fuse;

/// <summary>An event as a descriptor that workers sleep on. It stays set until it is cleared, for all of them.</summary>
internal sealed class WakeEvent : IDisposable
{
    private static readonly byte[] s_one = BitConverter.GetBytes(1UL);
    private readonly OwnedFd _eventfd;

    public WakeEvent()
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

    /// <summary>By the one who watches; EAGAIN says that it was not set.</summary>
    public void Clear()
    {
        Span<byte> count = stackalloc byte[sizeof(ulong)];
        _ = Libc.Read(Fd, count, out _);
    }

    public void Dispose() => _eventfd.Dispose();
}
