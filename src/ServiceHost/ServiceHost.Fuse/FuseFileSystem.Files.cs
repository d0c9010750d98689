using ServiceHost.Linux;

namespace ServiceHost.Fuse;

// Open files and their data.
public abstract partial class FuseFileSystem
{
    /// <summary>
    /// OPEN. Never carries O_CREAT, O_EXCL or O_NOCTTY; O_TRUNC only after <see cref="FuseInitFlags.AtomicOTrunc"/> was agreed.
    /// The default opens with handle 0; ENOSYS would also switch the page cache to "kept across opens".
    /// </summary>
    public virtual Errno Open(in RequestContext ctx, NodeId node, in FuseOpenIn request, out FuseOpenOut open)
    {
        open = default;
        return Errno.None;
    }

    /// <summary>RELEASE: once per successful OPEN or CREATE, usually after close(2) has returned; an error is not seen by anyone.</summary>
    public virtual Errno Release(in RequestContext ctx, NodeId node, in FuseReleaseIn request) => Errno.None;

    /// <summary>READ: <paramref name="data"/> has the size asked for. Fewer bytes mean end of file.</summary>
    public virtual Errno Read(in RequestContext ctx, NodeId node, in FuseReadIn request, Span<byte> data, out int count)
    {
        count = 0;
        return Errno.EINVAL;
    }

    /// <summary>WRITE: with <see cref="FuseWriteFlags.Cache"/> the caller in the context is not the writer.</summary>
    public virtual Errno Write(in RequestContext ctx, NodeId node, in FuseWriteIn request, ReadOnlySpan<byte> data, out int count)
    {
        count = 0;
        return Errno.EINVAL;
    }

    /// <summary>FLUSH: every close(2) of a descriptor; its error is what close returns.</summary>
    public virtual Errno Flush(in RequestContext ctx, NodeId node, in FuseFlushIn request) => Errno.ENOSYS;

    /// <summary>FSYNC.</summary>
    public virtual Errno Fsync(in RequestContext ctx, NodeId node, FileHandle fh, FuseFsyncFlags flags) => Errno.ENOSYS;

    /// <summary>FALLOCATE: mode is KEEP_SIZE, PUNCH_HOLE and ZERO_RANGE or 0.</summary>
    public virtual Errno Fallocate(in RequestContext ctx, NodeId node, in FuseFallocateIn request) => Errno.ENOSYS;

    /// <summary>LSEEK: SEEK_DATA and SEEK_HOLE only. ENXIO behind the last data.</summary>
    public virtual Errno Lseek(in RequestContext ctx, NodeId node, in FuseLseekIn request, out ulong offset)
    {
        offset = 0;
        return Errno.ENOSYS;
    }

    /// <summary>COPY_FILE_RANGE and COPY_FILE_RANGE_64. Fewer bytes than asked for are fine, more are EIO.</summary>
    public virtual Errno CopyFileRange(in RequestContext ctx, NodeId node, in FuseCopyFileRangeIn request, out ulong copied)
    {
        copied = 0;
        return Errno.ENOSYS;
    }

    /// <summary>
    /// IOCTL in restricted form: the kernel took the sizes from the command number and has already copied the input.
    /// <paramref name="result"/> is what ioctl(2) returns; <paramref name="length"/> bytes of <paramref name="output"/> go to the caller.
    /// </summary>
    public virtual Errno Ioctl(
        in RequestContext ctx, NodeId node, in FuseIoctlIn request, ReadOnlySpan<byte> input, Span<byte> output, out int result, out int length)
    {
        result = 0;
        length = 0;
        return Errno.ENOTTY;
    }

    /// <summary>
    /// POLL: what is ready now. With <see cref="FusePollFlags.ScheduleNotify"/> the kernel waits for
    /// <see cref="FuseNotifier.PollWakeup"/> with this kh afterwards.
    /// </summary>
    public virtual Errno Poll(in RequestContext ctx, NodeId node, in FusePollIn request, out uint revents)
    {
        revents = 0;
        return Errno.ENOSYS;
    }

    /// <summary>BMAP (fuseblk only): the device block behind a file block.</summary>
    public virtual Errno Bmap(in RequestContext ctx, NodeId node, ulong block, uint blockSize, out ulong deviceBlock)
    {
        deviceBlock = 0;
        return Errno.ENOSYS;
    }

    /// <summary>SETUPMAPPING (DAX window of virtiofs).</summary>
    public virtual Errno Setupmapping(in RequestContext ctx, NodeId node, in FuseSetupmappingIn request) => Errno.ENOSYS;

    /// <summary>REMOVEMAPPING (DAX window of virtiofs), once per element.</summary>
    public virtual Errno Removemapping(in RequestContext ctx, NodeId node, in FuseRemovemappingOne mapping) => Errno.ENOSYS;
}
