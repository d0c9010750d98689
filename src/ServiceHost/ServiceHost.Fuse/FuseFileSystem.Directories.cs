using ServiceHost.Linux;

namespace ServiceHost.Fuse;

// Open directories.
public abstract partial class FuseFileSystem
{
    /// <summary>OPENDIR. The default opens with handle 0; ENOSYS would also make the kernel cache directory contents.</summary>
    public virtual Errno Opendir(in RequestContext ctx, NodeId node, in FuseOpenIn request, out FuseOpenOut open)
    {
        open = default;
        return Errno.None;
    }

    /// <summary>
    /// READDIR from the offset (cookie) in <paramref name="request"/>: add entries until the writer is full. No entry at all is the end.
    /// </summary>
    public virtual Errno Readdir(in RequestContext ctx, NodeId node, in FuseReadIn request, ref DirEntryWriter entries) => Errno.ENOTDIR;

    /// <summary>
    /// READDIRPLUS: every entry with a node id (and a name other than "." and "..") counts one lookup.
    /// The default gives what Readdir gives, without attributes.
    /// </summary>
    public virtual Errno Readdirplus(in RequestContext ctx, NodeId node, in FuseReadIn request, ref DirEntryPlusWriter entries) =>
        Readdir(ctx, node, request, ref entries.WithoutAttributes);

    /// <summary>RELEASEDIR.</summary>
    public virtual Errno Releasedir(in RequestContext ctx, NodeId node, in FuseReleaseIn request) => Errno.None;

    /// <summary>FSYNCDIR.</summary>
    public virtual Errno Fsyncdir(in RequestContext ctx, NodeId node, FileHandle fh, FuseFsyncFlags flags) => Errno.ENOSYS;
}
