using System.Runtime.InteropServices;
using ServiceHost.Linux;

namespace ServiceHost.Fuse;

/// <summary>
/// One thread that reads a request, handles it and writes the reply, on one device and with one buffer for all of its life.
/// <para>How it sleeps. A read that blocks cannot be called off by anything but the end of the connection, and a poll on the device and a
/// stop event wakes every sleeping worker for each request, because all clones share one queue. So the device does not block, and the worker sleeps in
/// an epoll of its own that watches the device with EPOLLEXCLUSIVE (one sleeper wakes for one request, as with blocking reads) and the
/// session's stop event. As long as requests are waiting, the worker does not sleep and the cost is nothing; when it would,
/// <see cref="Lookout"/> decides whether it looks once more.</para>
/// </summary>
internal sealed class FuseWorker
{
    private readonly FuseDispatcher _dispatcher;
    private readonly FuseDevice _device;
    private readonly RequestSlot _slot;
    private readonly Lookout _lookout = new(LookoutPlace.OfProcess, TimeProvider.System);
    private readonly OwnedFd _epoll;
    private readonly byte[] _buffer;
    private readonly int _requestSize;

    private FuseWorker(FuseDispatcher dispatcher, FuseDevice device, OwnedFd epoll)
    {
        _dispatcher = dispatcher;
        _device = device;
        _epoll = epoll;
        _slot = dispatcher.CreateSlot(device);
        _requestSize = dispatcher.RequestBufferSize;

        // Pinned, so that the system calls do not have to; not cleared, so that pages which are never used take no memory.
        _buffer = GC.AllocateUninitializedArray<byte>(_requestSize + dispatcher.ReplyBufferSize, pinned: true);
    }

    public static Errno Create(FuseDispatcher dispatcher, FuseDevice device, Fd stop, out FuseWorker? worker)
    {
        worker = null;
        Errno errno = Libc.EpollCreate(out OwnedFd epoll);
        if (errno.IsOk)
        {
            errno = Libc.SetNonBlocking(device.Fd);
        }

        if (errno.IsOk)
        {
            errno = Libc.EpollAdd(epoll, device.Fd, exclusive: true);
        }

        if (errno.IsOk)
        {
            errno = Libc.EpollAdd(epoll, stop, exclusive: false);
        }

        if (errno.IsError)
        {
            epoll.Dispose();
            return errno;
        }

        worker = new FuseWorker(dispatcher, device, epoll);
        return Errno.None;
    }

    /// <summary>Serves until the connection ends or <paramref name="session"/> stops.</summary>
    public void Serve(FuseSession session)
    {
        using OwnedFd epoll = _epoll;
        Span<byte> request = _buffer.AsSpan(0, _requestSize);
        Span<byte> reply = _buffer.AsSpan(_requestSize);
        while (!session.IsStopping)
        {
            Errno errno = _device.Read(request, out int length);
            if (errno.IsOk)
            {
                _lookout.Found();
                Answer(session, request[..length], reply);
            }
            else if (errno == Errno.EAGAIN)
            {
                if (!_lookout.LooksAgain())
                {
                    Sleep(session);
                }
            }
            else
            {
                session.EndByRead(errno);
            }
        }

        _lookout.Found();
    }

    private void Sleep(FuseSession session)
    {
        _slot.Sleep();
        Errno errno = Libc.EpollWait(_epoll);
        _slot.Wake();
        if (errno.IsError && errno != Errno.EINTR)
        {
            session.End(FuseSessionEndReason.Failed, errno, $"epoll_wait failed: {errno}");
        }
    }

    private void Answer(FuseSession session, ReadOnlySpan<byte> request, Span<byte> reply)
    {
        int length = _dispatcher.Dispatch(_slot, request, reply);
        Errno errno = length == 0 ? Errno.None : _device.Reply(reply[..length]);
        if (errno.IsError && !IsGone(errno))
        {
            _dispatcher.ReportRejectedReply(request, length, errno);
        }

        if (IsInit(request))
        {
            session.AfterInit(errno);
        }
    }

    // The caller was killed or has timed out, or the connection is gone, which the next read tells.
    private static bool IsGone(Errno errno) => errno == Errno.ENOENT || errno == Errno.ENODEV || errno == Errno.ECONNABORTED;

    private static bool IsInit(ReadOnlySpan<byte> request) =>
        MemoryMarshal.TryRead(request, out FuseInHeader header) && header.Opcode == FuseOpcode.Init;
}
