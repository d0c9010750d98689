using ServiceHost.Fuse;
using ServiceHost.Linux;

namespace Servers.Passthrough;

/// <summary>What SETLK asks for, in the source's terms. A flock lock has no range: type Read is LOCK_SH, Write is LOCK_EX.</summary>
internal readonly record struct LockRequest(NodeId Node, FileHandle Fh, LockOwner Owner, bool IsFlock, LockType Type, long Start, long Length)
{
    public FileRangeLock Range => new(Type, Start, Length);

    public HeldRange Held => new(Start, Length == 0 ? long.MaxValue : Start + Length - 1, Type);

    public FlockOperation FlockOperation => Type switch
    {
        LockType.Read => FlockOperation.Shared | FlockOperation.NonBlocking,
        LockType.Write => FlockOperation.Exclusive | FlockOperation.NonBlocking,
        _ => FlockOperation.Unlock,
    };

    public static bool TryParse(NodeId node, in FuseLkIn request, out LockRequest parsed)
    {
        ulong start = request.Lk.Start;
        ulong end = request.Lk.End;
        parsed = default;
        if (request.Lk.Type > (uint)LockType.Unlock || end > long.MaxValue || start > end)
        {
            return false;
        }

        // The wire has an inclusive end; "to the end of the file, wherever it is" is the largest offset there and length 0 here.
        long length = end == long.MaxValue ? 0 : (long)(end - start) + 1;
        bool isFlock = (request.LkFlags & FuseLkFlags.Flock) != 0;
        parsed = new LockRequest(node, request.Fh, request.Owner, isFlock, (LockType)request.Lk.Type, (long)start, length);
        return true;
    }
}
