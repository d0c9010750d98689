using ServiceHost.Linux;

namespace ServiceHost.Fuse;

// Locks. They reach the server only after FuseInitFlags.PosixLocks or FlockLocks was agreed; otherwise the kernel keeps them itself.
public abstract partial class FuseFileSystem
{
    /// <summary>GETLK: the first lock in the way of the one asked for, or type F_UNLCK.</summary>
    public virtual Errno Getlk(in RequestContext ctx, NodeId node, in FuseLkIn request, out FuseFileLock found)
    {
        found = default;
        return Errno.EOPNOTSUPP;
    }

    /// <summary>
    /// SETLK and, with <paramref name="wait"/>, SETLKW. EAGAIN when the lock is taken. A SETLKW that has to wait takes
    /// <see cref="RequestContext.Defer"/> and returns; its interrupt is then answered with EINTR.
    /// </summary>
    public virtual Errno Setlk(in RequestContext ctx, NodeId node, in FuseLkIn request, bool wait) => Errno.EOPNOTSUPP;
}
