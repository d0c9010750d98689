using ServiceHost.Fuse;
using ServiceHost.Linux;

namespace Servers.Passthrough;

// Locks on the source. Without locks=shared they are not negotiated, and none of these is ever asked for.
internal sealed partial class PassthroughFileSystem
{
    public override Errno Getlk(in RequestContext ctx, NodeId node, in FuseLkIn request, out FuseFileLock found)
    {
        found = default;
        if (_locks is null || !LockRequest.TryParse(node, request, out LockRequest wanted))
        {
            return Errno.EINVAL;
        }

        Errno errno = _locks.Get(wanted, out FileRangeLock inTheWay);
        found = new FuseFileLock
        {
            Type = (uint)inTheWay.Type,
            Start = (ulong)inTheWay.Start,
            End = inTheWay.Length == 0 ? long.MaxValue : (ulong)(inTheWay.Start + inTheWay.Length - 1),

            // An open file description has no process (-1), and one on the source would not be known by this number to the caller.
            Pid = 0,
        };
        return errno;
    }

    public override Errno Setlk(in RequestContext ctx, NodeId node, in FuseLkIn request, bool wait)
    {
        if (_locks is null || !LockRequest.TryParse(node, request, out LockRequest wanted))
        {
            return Errno.EINVAL;
        }

        Errno errno = _locks.TrySet(wanted);
        if (errno != Errno.EAGAIN || !wait)
        {
            return errno;
        }

        if (!_locks.HasPlace)
        {
            return Errno.ENOLCK;
        }

        _locks.Wait(ctx.Defer(), wanted);
        return Errno.None;
    }
}
