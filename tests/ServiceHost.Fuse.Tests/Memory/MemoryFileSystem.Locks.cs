using ServiceHost.Linux;

namespace ServiceHost.Fuse.Tests.Memory;

internal sealed partial class MemoryFileSystem
{
    private const uint Unlock = 2;
    private const uint WriteLock = 1;

    private readonly List<(NodeId Node, FuseLkIn Request, DeferredReply Reply)> _waiting = []; // under _lock

    public override Errno Getlk(in RequestContext ctx, NodeId node, in FuseLkIn request, out FuseFileLock found)
    {
        Count("getlk");
        lock (_lock)
        {
            FuseLkIn wanted = request;
            found = Find(node)!.Locks.Where(held => Conflicts(held, wanted)).Select(held => held.Lk)
                .DefaultIfEmpty(new FuseFileLock { Type = Unlock }).First();
            return Errno.None;
        }
    }

    public override Errno Setlk(in RequestContext ctx, NodeId node, in FuseLkIn request, bool wait)
    {
        Count(wait ? "setlkw" : "setlk");
        lock (_lock)
        {
            if (TryLock(Find(node)!, request))
            {
                GrantWaiting();
                return Errno.None;
            }

            if (!wait)
            {
                return Errno.EAGAIN;
            }

            DeferredReply reply = ctx.Defer();
            _waiting.Add((node, request, reply));
            reply.Interrupted.Register(() => GiveUp(reply));
            Blocked.Release();
            return Errno.None;
        }
    }

    private static bool Conflicts(in FuseLkIn held, in FuseLkIn wanted) =>
        held.Owner != wanted.Owner && held.LkFlags == wanted.LkFlags &&
        (held.Lk.Type == WriteLock || wanted.Lk.Type == WriteLock) &&
        held.Lk.Start <= wanted.Lk.End && wanted.Lk.Start <= held.Lk.End;

    // Whole locks only: the tests never unlock a part of one.
    private static bool TryLock(MemoryNode node, FuseLkIn wanted)
    {
        if (wanted.Lk.Type != Unlock && node.Locks.Any(held => Conflicts(held, wanted)))
        {
            return false;
        }

        node.Locks.RemoveAll(held => held.Owner == wanted.Owner && held.LkFlags == wanted.LkFlags);
        if (wanted.Lk.Type != Unlock)
        {
            node.Locks.Add(wanted);
        }

        return true;
    }

    private void GrantWaiting()
    {
        foreach ((NodeId Node, FuseLkIn Request, DeferredReply Reply) waiter in _waiting.ToArray())
        {
            if (TryLock(Find(waiter.Node)!, waiter.Request))
            {
                _waiting.Remove(waiter);
                waiter.Reply.TryComplete(Errno.None);
            }
        }
    }

    private void GiveUp(DeferredReply reply)
    {
        lock (_lock)
        {
            if (_waiting.RemoveAll(waiter => waiter.Reply == reply) != 0)
            {
                reply.TryComplete(Errno.EINTR);
            }
        }
    }
}
