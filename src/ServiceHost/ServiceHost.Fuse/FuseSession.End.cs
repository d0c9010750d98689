using ServiceHost.Linux;

namespace ServiceHost.Fuse;

public sealed partial class FuseSession
{
    /// <summary>The first reason counts; every worker leaves.</summary>
    internal void End(FuseSessionEndReason reason, Errno errno, string detail)
    {
        if (Interlocked.CompareExchange(ref _end, new FuseSessionEnd(reason, errno, detail), null) is null)
        {
            _stop.Set();
            _negotiated.Set();
        }
    }

    internal void EndByRead(Errno errno)
    {
        if (errno == Errno.ENODEV)
        {
            End(FuseSessionEndReason.Unmounted, Errno.None, "the filesystem was unmounted");
        }
        else if (errno == Errno.ECONNABORTED)
        {
            End(FuseSessionEndReason.Aborted, errno, "the connection was aborted");
        }
        else
        {
            End(FuseSessionEndReason.Failed, errno, $"reading the device failed: {errno}");
        }
    }

    /// <summary>An INIT was answered: the mount works now, or never will.</summary>
    internal void AfterInit(Errno written)
    {
        if (_dispatcher.InitRefusal is { } refusal)
        {
            End(FuseSessionEndReason.InitRefused, Errno.EPROTO, $"INIT was refused: {refusal}");
        }
        else if (written.IsError)
        {
            End(FuseSessionEndReason.InitRefused, written, $"the kernel did not take the answer to INIT: {written}");
        }
        else if (Connection is not null)
        {
            if (_ringWorkers.Length == 0)
            {
                Announce();
            }

            _negotiated.Set();
        }
    }

    private void Announce()
    {
        if (Interlocked.Exchange(ref _announced, 1) == 0)
        {
            _options.Initialized?.Invoke(Connection!);
        }
    }
}
