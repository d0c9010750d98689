using ServiceHost.Linux;

namespace ServiceHost.Fuse;

/// <summary>
/// What a filesystem author writes: one virtual method per operation of the kernel protocol, in the kernel's words.
/// <para>Rules of every operation. It runs on a worker thread and may run on all of them at once. <see cref="Errno.None"/> is success;
/// an error sends no data. Names, data and the context are views of the worker's buffers: they end with the call. An exception is
/// a bug: it becomes EIO for this request, is logged with its stack and counted, and the mount lives on. Operations with an out
/// structure may leave it default when they fail.</para>
/// <para>Defaults. ENOSYS makes the kernel remember that this connection does not have the operation, so it is the default only
/// where that memory is wanted (fsync, flush and access then succeed without a request; CREATE becomes MKNOD and OPEN; xattrs,
/// fallocate, lseek, copy_file_range get the kernel's own fallback). Never return ENOSYS for a single object.</para>
/// <para>An operation that may wait for another process calls <see cref="RequestContext.Defer"/>; long loops look at
/// <see cref="RequestContext.IsInterrupted"/>.</para>
/// </summary>
public abstract partial class FuseFileSystem
{
    /// <summary>Once, when INIT was negotiated and before its answer is sent. Keep the notifier here if you need it.</summary>
    public virtual void OnInit(FuseConnection connection, FuseNotifier notifier)
    {
    }

    /// <summary>
    /// Once per worker, on its thread, before it reads its first request: per-thread state (unshare, umask, credentials) is set here.
    /// An exception ends the session before it serves anything.
    /// </summary>
    public virtual void OnWorkerStart(int worker)
    {
    }

    /// <summary>Once, after the last worker left: the kernel sends no FORGET or RELEASE for what is still open at unmount.</summary>
    public virtual void OnSessionEnd()
    {
    }

    /// <summary>DESTROY (fuseblk only): umount(2) waits for the return of this method, data must be safe by then.</summary>
    public virtual void Destroy(in RequestContext ctx)
    {
    }

    /// <summary>STATFS.</summary>
    public virtual Errno Statfs(in RequestContext ctx, NodeId node, out FuseKstatfs statfs)
    {
        statfs = new FuseKstatfs { BSize = 4096, FrSize = 4096, NameLen = 255 };
        return Errno.None;
    }

    /// <summary>SYNCFS (fuseblk only): everything written so far must be safe.</summary>
    public virtual Errno Syncfs(in RequestContext ctx, NodeId node) => Errno.ENOSYS;
}
